import fc from "fast-check";

/** Records of stable_diffusion.json, what may be done to them, and the texts in which they come. */

export type Fields = Readonly<Record<string, unknown>>;
export type Records = readonly (readonly [name: string, record: Fields])[];

const ORDER = [
  ...["name", "baseline", "optimization", "type", "inpainting", "description", "tags", "showcases"],
  ...["min_bridge_version", "version", "style", "trigger", "homepage", "nsfw", "download_all", "requirements"],
  ...["config", "available", "features_not_supported", "size_on_disk_bytes"],
];
/** As PRIMARY has the fields of a record that was edited there. */
const EDITED_ORDER = [
  ...["name", "type", "description", "version", "style", "nsfw", "download_all", "config", "available"],
  ...["features_not_supported", "inpainting", "baseline", "tags", "showcases", "min_bridge_version", "trigger"],
  ...["homepage", "size_on_disk_bytes", "optimization", "requirements"],
];

const tame = fc.oneof(
  fc.constantFrom(
    "plain",
    "—",
    'a "quoted" word',
    "back\\slash",
    "\\u0041",
    "line\nbreak",
    "😀",
    "{",
    '": 1',
    "3B 4E1T",
  ),
  fc.string({ unit: "grapheme-ascii", maxLength: 8 }),
);
/** What the short way may take for something else. */
const wild = fc.oneof(
  fc.constantFrom("12345678901234567890", ", 1e5", "],", "\u0000", "tab\t", "/", "\u2028", "\u007f", "\ud800", "[1e5"),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const number = { tame: fc.constantFrom(0, 7, -3, 0.5, 2.25), wild: fc.constantFrom(1e-7, 1e21, 123456789012345680) };
const mostlyTame = fc.oneof({ weight: 30, arbitrary: tame }, { weight: 1, arbitrary: wild });
const mostlyTameNumber = fc.oneof({ weight: 20, arbitrary: number.tame }, { weight: 1, arbitrary: number.wild });

const mostly = <T>(one: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary: one }, { weight: 1, arbitrary: other });

interface Names {
  readonly ofRecords: fc.Arbitrary<string>;
  readonly ofRequirements: fc.Arbitrary<string>;
}

const TAME: Names = {
  ofRecords: fc.constantFrom("A", "B", "C c", "Deliberate", "12", "7", "__proto__", "last"),
  ofRequirements: fc.constantFrom("steps", "1", "cfg scale", "__proto__"),
};
/** With names that JSON spells with an escape, and such as end where an escape begins. */
const WILD: Names = {
  ofRecords: mostly(TAME.ofRecords, fc.constantFrom("C é", 'q"q', "b\\", "\\", "é", "C \\", "last\\")),
  ofRequirements: mostly(TAME.ofRequirements, fc.constantFrom("é", "\\", "steps\\", "steps é")),
};

function recordOf(text: fc.Arbitrary<string>, numbers: fc.Arbitrary<number>, names: Names): fc.Arbitrary<Fields> {
  const texts = fc.array(text, { maxLength: 3 });
  const entry = fc.oneof(
    text.map((path) => ({ path })),
    text.map((path) => ({ path, sha256sum: "ab12".repeat(16) })),
    text.map((file_name) => ({ file_name, file_path: "", file_url: `https://example.org/${file_name}` })),
  );
  const requirement = fc.oneof(text, fc.boolean(), numbers, texts);
  const optional = {
    optimization: text,
    tags: texts,
    showcases: texts,
    min_bridge_version: fc.nat(99),
    style: text,
    trigger: texts,
    homepage: text,
    requirements: fc.dictionary(names.ofRequirements, requirement, { maxKeys: 3, noNullPrototype: true }),
    available: fc.boolean(),
    features_not_supported: fc.subarray(["hires_fix", "loras"]),
    size_on_disk_bytes: fc.nat(),
  };
  return fc
    .record({
      description: text,
      version: text,
      nsfw: fc.boolean(),
      more: fc.record(optional, { requiredKeys: [] }),
      files: fc.array(entry, { maxLength: 2 }),
    })
    .map(({ files, more, ...rest }) => ({ ...FIXED, ...rest, config: { files }, ...more }));
}

const FIXED = { baseline: "stable diffusion 1", type: "ckpt", inpainting: false, download_all: false };

function recordsOf(record: fc.Arbitrary<Fields>, names: Names): fc.Arbitrary<Records> {
  return fc
    .uniqueArray(fc.tuple(names.ofRecords, record), { minLength: 1, maxLength: 6, selector: ([name]) => name })
    .map((entries) => entries.map(([name, fields]) => [name, inOrder({ name, ...fields }, ORDER)] as const));
}

/** As they are in the real file. */
export const ordinaryRecords = recordsOf(recordOf(tame, number.tame, TAME), TAME);
/** With something among them, now and then, that has to be read losslessly. */
export const records = recordsOf(recordOf(mostlyTame, mostlyTameNumber, WILD), WILD);

const texts = fc.array(tame, { maxLength: 3 });

type Edit = fc.Arbitrary<(records: Records) => Records>;

const editsWith = (names: Names): Edit =>
  fc.oneof(
    fc.constant((all: Records) => all),
    fc.tuple(fc.nat(), fc.constantFrom("description", "version", "tags", "config", "style"), fc.oneof(tame, texts)).map(
      ([at, field, value]) =>
        (all: Records) =>
          onOne(all, at, ([name, fields]) => [
            [name, { ...fields, [field]: field === "config" ? { files: [{ path: "p" }] } : value }],
          ]),
    ),
    fc.nat().map((at) => (all: Records) => onOne(all, at, () => [])),
    fc.tuple(fc.nat(), names.ofRecords, recordOf(tame, number.tame, names)).map(
      ([at, name, fields]) =>
        (all: Records) =>
          all.some(([taken]) => taken === name)
            ? all
            : onOne(all, at, (old) => [old, [name, inOrder({ name, ...fields }, EDITED_ORDER)]]),
    ),
    fc.tuple(fc.nat(), names.ofRecords).map(
      ([at, to]) =>
        (all: Records) =>
          all.some(([taken]) => taken === to) ? all : onOne(all, at, ([, fields]) => [[to, { ...fields, name: to }]]),
    ),
    fc
      .nat()
      .map((at) => (all: Records) => [
        ...all.filter((_, index) => index !== at % all.length),
        ...all.filter((_, index) => index === at % all.length),
      ]),
    fc
      .nat()
      .map(
        (at) => (all: Records) =>
          onOne(all, at, ([name, fields]) => [[name, withNulls(inOrder(fields, EDITED_ORDER))]]),
      ),
    fc.tuple(fc.nat(), fc.constantFrom<unknown>(null, 1.5, {}, [1], { x: { y: [null] } })).map(
      ([at, value]) =>
        (all: Records) =>
          onOne(all, at, ([name, fields]) => [[name, { ...fields, odd: value }]]),
    ),
  );

/** What PRIMARY did to the records since. */
export const edit = editsWith(WILD);
/** The same, with no name that JSON spells with an escape. */
export const ordinaryEdit = editsWith(TAME);

function onOne(all: Records, at: number, change: (entry: Records[number]) => Records): Records {
  return all.flatMap((entry, index) => (index === at % all.length ? change(entry) : [entry]));
}

function inOrder(fields: Fields, order: readonly string[]): Fields {
  const known = order.filter((key) => Object.hasOwn(fields, key));
  const others = Object.keys(fields).filter((key) => !order.includes(key));
  return Object.fromEntries([...known, ...others].map((key) => [key, fields[key]]));
}

function withNulls(fields: Fields): Fields {
  const missing = EDITED_ORDER.filter((key) => !Object.hasOwn(fields, key));
  return { ...fields, ...Object.fromEntries(missing.map((key) => [key, null])) };
}

/** Records as text: not through an object, which would put names like `12` first. */
export function print(all: Records, unit: string | number): string {
  const space = typeof unit === "number" ? " ".repeat(unit) : unit;
  if (space === "")
    return `{${all.map(([name, fields]) => `${JSON.stringify(name)}:${JSON.stringify(fields)}`).join(",")}}`;
  const member = ([name, fields]: Records[number]) =>
    `\n${space}${JSON.stringify(name)}: ${JSON.stringify(fields, null, unit).replaceAll("\n", `\n${space}`)}`;
  return all.length === 0 ? "{}" : `{${all.map(member).join(",")}\n}`;
}

/** Python's `json.dumps(records, indent=4)` and a newline. */
export function dumps(all: Records): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${print(all, 4).replace(/[^\n -~]/g, escapeUnit)}\n`;
}
