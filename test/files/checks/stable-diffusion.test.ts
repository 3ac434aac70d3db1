import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRefused, refusedStableDiffusion } from "../../../src/files/checks/stable-diffusion.ts";
import type { RecordChange } from "../../../src/files/codec.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../../src/files/json-codec.ts";
import { diffLines } from "../line-diff.ts";

const PATH = "stable_diffusion.json";
const codec = createJsonCodec(PATH, STABLE_DIFFUSION);

type Record_ = Readonly<Record<string, unknown>>;

/** The order of the validator's schema. */
const ORDER = [
  ...["name", "baseline", "optimization", "type", "inpainting", "description", "tags", "showcases"],
  ...[
    "min_bridge_version",
    "version",
    "style",
    "trigger",
    "homepage",
    "nsfw",
    "download_all",
    "requirements",
    "config",
  ],
  ...["available", "features_not_supported", "size_on_disk_bytes"],
];

function recordOf(name: string, more: Record_ = {}): Record_ {
  const record: Record_ = {
    ...{
      name,
      baseline: "stable diffusion 1",
      type: "ckpt",
      inpainting: false,
      description: `What ${name} is — for`,
      version: "1",
    },
    style: "anime",
    nsfw: false,
    download_all: false,
    config: {
      files: [{ path: `${name}.ckpt`, sha256sum: "a1".repeat(32) }, { path: "v1-inference.yaml" }],
      download: [{ file_name: `${name}.ckpt`, file_path: "", file_url: `https://example.org/${name}.ckpt` }],
    },
    available: false,
    ...more,
  };
  return Object.fromEntries(ORDER.flatMap((key) => (key in record ? [[key, record[key]]] : [])));
}

/** Python's `json.dumps(value, indent=4)` and a newline. */
function dumps(value: unknown): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value, null, 4).replace(/[^\n -~]/g, escapeUnit)}\n`;
}

function fileOf(...records: readonly Record_[]): string {
  return dumps(Object.fromEntries(records.map((record) => [record["name"], record])));
}

/** As PRIMARY answers: its own order of fields, and in a record from its queue every field that is unset as null. */
function primaryOf(records: readonly Record_[], nulls: readonly string[] = []): string {
  const shuffle = (record: Record_) => {
    const keys = ["version", "config", ...nulls, ...Object.keys(record).reverse()];
    return Object.fromEntries(keys.map((key) => [key, record[key] ?? null]));
  };
  return JSON.stringify(Object.fromEntries(records.map((record) => [record["name"], shuffle(record)])), null, 2);
}

function apply(file: string, primary: string) {
  const files = new Map([[PATH, file]]);
  const result = codec.apply({ primary, files });
  const edited = new Map([...files, ...result.files]);
  expect(codec.apply({ primary, files: edited })).toMatchObject({ changes: [], files: new Map() });
  expect(codec.diff({ before: files, after: edited }).changes).toEqual(result.changes);
  return { ...result, text: edited.get(PATH) ?? "" };
}

const summary = (changes: readonly RecordChange[]) =>
  changes.map((change) => {
    const fields = "fields" in change ? change.fields.map(({ field }) => field) : [];
    return [change.kind, change.name, ...fields].join(" ");
  });

const [a, b, c] = [recordOf("A"), recordOf("B"), recordOf("C")];
const NULLS = ["tags", "showcases", "min_bridge_version", "trigger", "homepage", "optimization"];

describe("a record that is touched", () => {
  it("is written in the schema's order and without nulls, which are no change of their own", () => {
    const { text, changes, warnings } = apply(fileOf(a, b, c), primaryOf([a, { ...b, version: "2" }, c], NULLS));
    expect(text).toBe(fileOf(a, recordOf("B", { version: "2" }), c));
    expect(summary(changes)).toEqual(["modified B version"]);
    expect(warnings).toEqual([]);
  });

  it("loses the nulls and the disorder that the file had, at every depth", () => {
    const untidy = { tags: null, ...b, config: { files: [{ sha256sum: null, path: "x.ckpt" }] } };
    const { text } = apply(
      fileOf(a, untidy),
      primaryOf([a, { ...b, config: { files: [{ path: "x.ckpt" }] }, version: "2" }]),
    );
    expect(text).toBe(fileOf(a, recordOf("B", { config: { files: [{ path: "x.ckpt" }] }, version: "2" })));
  });

  it("has the entries of its files in the schema's order too", () => {
    const config = {
      files: [{ sha256sum: "s", path: "p" }],
      download: [{ file_url: "u", file_path: "", file_name: "n" }],
    };
    const sorted = {
      files: [{ path: "p", sha256sum: "s" }],
      download: [{ file_name: "n", file_path: "", file_url: "u" }],
    };
    const { text, warnings } = apply(fileOf(a), primaryOf([a, { ...b, config }]));
    expect([text, warnings]).toEqual([fileOf(a, recordOf("B", { config: sorted })), []]);
  });

  it("is replaced where it is no object", () => {
    const text = fileOf(a).replace(/\{\n {8}(?:.|\n)*\n {4}\}/, '"text"');
    expect(text).toBe('{\n    "A": "text"\n}\n');
    expect(apply(text, primaryOf([a])).text).toBe(fileOf(a));
  });

  it("brings a new record in the same form", () => {
    const { text, changes } = apply(fileOf(a, c), primaryOf([a, b, c], NULLS));
    expect(text).toBe(fileOf(a, b, c));
    expect(changes).toEqual([{ kind: "added", name: "B", value: JSON.stringify(b) }]);
  });

  it("tells a field that was null, or becomes it, as absent", () => {
    const change = (before: Record_, after: Record_) => apply(fileOf(before), primaryOf([after])).changes;
    expect(change({ ...a, homepage: null }, { ...a, homepage: "h" })).toMatchObject([
      {
        value: JSON.stringify(recordOf("A", { homepage: "h" })),
        fields: [{ field: "homepage", before: null, after: '"h"' }],
      },
    ]);
    expect(change(recordOf("A", { homepage: "h" }), { ...a, homepage: null })).toMatchObject([
      {
        before: JSON.stringify(recordOf("A", { homepage: "h" })),
        fields: [{ field: "homepage", before: '"h"', after: null }],
      },
    ]);
  });
});

describe("a record that is not touched", () => {
  it("is in sync where only nulls and order differ", () => {
    expect(apply(fileOf(a, b), primaryOf([b, a], NULLS))).toMatchObject({ changes: [], warnings: [] });
    expect(apply(fileOf({ tags: null, ...a }), primaryOf([a]))).toMatchObject({ changes: [], warnings: [] });
  });

  it("keeps its bytes, also out of order ones, and is told with its line when the file changes", () => {
    const untidy = Object.fromEntries(Object.entries(a).reverse());
    const { text, warnings } = apply(fileOf(untidy, b), primaryOf([a, { ...b, version: "2" }]));
    expect(text).toBe(fileOf(untidy, recordOf("B", { version: "2" })));
    expect(warnings).toEqual([
      'The repository\'s check will refuse stable_diffusion.json: line 2, the record "A" has its fields in another order than the schema.',
    ]);
  });
});

describe("a renamed record", () => {
  it("is edited in its place, and told as one change", () => {
    const renamed = recordOf("A new name", { config: a["config"], description: a["description"], version: "2" });
    const { text, changes } = apply(fileOf(a, b, c), primaryOf([b, c, renamed]));
    expect(text).toBe(fileOf(renamed, b, c));
    expect(changes).toEqual([
      {
        kind: "renamed",
        from: "A",
        name: "A new name",
        before: JSON.stringify(a),
        value: JSON.stringify(renamed),
        fields: [{ field: "version", before: '"1"', after: '"2"' }],
      },
    ]);
    const { removed, added } = diffLines(fileOf(a, b, c), text);
    expect([removed.length, added.length]).toEqual([3, 3]);
  });

  it("tells every field that changed, but for the name that only follows the record's own", () => {
    const from = recordOf("A", { style: "A", trigger: ["A"] });
    const to = { ...from, name: "B2", style: "B2" };
    const told = (after: Record_, name: string) => {
      const primary = JSON.stringify({ [name]: after });
      return apply(fileOf(from), primary).changes.map((change) => "fields" in change && change.fields);
    };
    const style = { field: "style", before: '"A"', after: '"B2"' };
    expect(told(to, "B2")).toEqual([[style]]);
    expect(told({ ...to, name: "C" }, "B2")).toEqual([[{ field: "name", before: '"A"', after: '"C"' }, style]]);
    expect(told({ ...to, name: "A" }, "B2")).toEqual([[style]]);
  });

  it("is no anchor for what PRIMARY appended behind it", () => {
    const renamed = recordOf("A2", { config: a["config"], description: a["description"] });
    const d = recordOf("D", {
      description: "Something else altogether, that nobody would take for another.",
      config: {},
    });
    expect(apply(fileOf(a, b, c), primaryOf([b, c, renamed, d])).text).toBe(fileOf(renamed, b, c, d));
    expect(apply(fileOf(a, b, c), primaryOf([renamed, d, b, c])).text).toBe(fileOf(renamed, d, b, c));
  });

  it("is two records where they have little in common", () => {
    const other = recordOf("Z", { description: "Nothing like it", config: { files: [{ path: "z" }] }, style: "none" });
    expect(summary(apply(fileOf(a, b), primaryOf([b, other])).changes)).toEqual(["added Z", "removed A"]);
  });

  it("goes to the record that is most like it", () => {
    const [old1, old2] = [recordOf("Old 1"), recordOf("Old 2", { homepage: "https://example.org/a/page/of/its/own" })];
    const news = [recordOf("New 2", { ...old2, name: "New 2" }), recordOf("New 1", { ...old1, name: "New 1" })];
    const { changes } = apply(fileOf(old1, b, old2), primaryOf([b, ...news]));
    expect(changes.map((change) => change.kind === "renamed" && `${change.from} → ${change.name}`)).toEqual([
      "Old 1 → New 1",
      "Old 2 → New 2",
    ]);
  });
});

describe("what the schema refuses", () => {
  const config = (entry: Record_) => ({ config: { files: [entry] } });

  it.each<[string, Record_, string]>([
    ["a field too many", { ...b, odd: 1 }, 'has "odd", which the schema does not know'],
    ["a wrong type", { ...b, nsfw: "no" }, 'has "nsfw", which is text instead of true or false'],
    [
      "a fraction",
      recordOf("B", { size_on_disk_bytes: 1.5 }),
      'has "size_on_disk_bytes", which is 1.5 instead of an integer',
    ],
    [
      "a list of other things",
      recordOf("B", { tags: ["a", 1] }),
      'has "tags", which has an item that is a number instead of text',
    ],
    [
      "an unknown feature",
      recordOf("B", { features_not_supported: ["odd"] }),
      'has "features_not_supported", which has an item that is "odd" instead of hires_fix, loras, inpainting, controlnet',
    ],
    [
      "a file's content hash",
      recordOf("B", config({ path: "p", content_hash: "h" })),
      'has "config", which has "files", which has an item that has "content_hash", which the schema does not know',
    ],
    [
      "a download without a name",
      recordOf("B", config({ file_url: "u" })),
      'has "config", which has "files", which has an item that lacks "file_name"',
    ],
    [
      "a mixed requirement",
      recordOf("B", { requirements: { steps: [1, 2.5] } }),
      'has "requirements", which has "steps", which is a list',
    ],
    ["half a character", recordOf("B", { style: "\ud800" }), 'has "style", which holds half of a character'],
  ])("%s is published and told", (_what, record, says) => {
    const { text, warnings } = apply(fileOf(a, c), primaryOf([a, record, c]));
    expect(JSON.parse(text)).toEqual(JSON.parse(fileOf(a, record, c)));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`line ${fileOf(a).split("\n").length - 1}, the record "B" ${says}`);
  });

  it("is told of a file as it stands, and only so often", () => {
    const file = fileOf(...Array.from({ length: 25 }, (_, index) => recordOf(`R${index}`, { version: 1 })));
    const { warnings } = codec.diff({ before: new Map([[PATH, "{}\n"]]), after: new Map([[PATH, file]]) });
    expect(warnings).toHaveLength(21);
    expect(warnings[20]).toBe("… and 5 more of this kind in stable_diffusion.json.");
  });

  it("finds a small number that Python writes in another way, in a file that is otherwise in order", () => {
    const file = fileOf(recordOf("A", { requirements: { x: 0.000001 } }));
    expect(refusedStableDiffusion(file)).toEqual([
      'line 2, the record "A" has the number 0.000001, which Python writes 1e-06',
    ]);
  });

  it("finds one in a list as well", () => {
    const file = fileOf(recordOf("A", { requirements: { x: [1.5, 0.000001] } }));
    expect(refusedStableDiffusion(file)).toEqual([
      'line 2, the record "A" has the number 0.000001, which Python writes 1e-06',
    ]);
  });

  it("finds nothing in a file that is in order, one without records too, however it looks", () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, [{ path: "p" }]]));
    const files = [fileOf(a, b), "{}\n", fileOf(recordOf("A", { config: many }), b)];
    for (const file of files) expect([refusedStableDiffusion(file), findRefused(file)]).toEqual([[], []]);
  });

  it("counts blank lines too", () => {
    const [refused] = findRefused(`\n${fileOf(a, recordOf("B", { version: 1 }))}`);
    expect(refused).toContain(`line ${fileOf(a).split("\n").length}, the record "B" has "version"`);
  });

  it("takes everything that an entry may have", () => {
    const files = [{ path: "p", md5sum: "m", sha256sum: "s", file_type: "t" }];
    const download = [{ file_name: "n", file_path: "", file_url: "u", file_type: "t" }];
    const file = fileOf(recordOf("A", { config: { files, download } }));
    expect([refusedStableDiffusion(file), findRefused(file)]).toEqual([[], []]);
  });

  it("lets any line endings pass, as the validator does", () => {
    expect(refusedStableDiffusion(fileOf(a, b).replaceAll("\n", "\r\n"))).toEqual([]);
  });

  it.each<[string, (text: string) => string, string]>([
    ["tabs", (text) => text.replaceAll("    ", "\t"), "is not laid out"],
    ["a missing final newline", (text) => text.trimEnd(), "no newline at its end"],
    ["an empty line at the end", (text) => `${text}\n`, "more than one newline"],
    ["a byte order mark", (text) => `\ufeff${text}`, "byte order mark"],
    ["white space at a line's end", (text) => text.replace(",\n", ", \n"), "line 3 ends with white space"],
    ["raw characters", (text) => text.replaceAll("\\u2014", "—"), "is not laid out"],
    ["a record twice", (text) => text.replace('"B": {', '"A": {'), 'holds "A" more than once'],
    [
      "a name twice in a record's config",
      (text) => text.replaceAll('"download"', '"files"'),
      'holds "files" more than',
    ],
    [
      "a name twice in its requirements",
      (text) =>
        text.replaceAll(
          '"config"',
          '"requirements": {\n            "x": 1,\n            "x": 2\n        },\n        "config"',
        ),
      'holds "x" more than',
    ],
    ["a record that stands deeper", (text) => text.replace('\n    "B"', '\n      "B"'), "are not laid out"],
    ["an end that stands deeper", (text) => text.replace(/\n}\n$/, "\n  }\n"), "are not laid out"],
    [
      "a blank line between records that only has a carriage return",
      (text) => text.replace('\n    "B"', '\r\n\n    "B"'),
      "are not laid out",
    ],
    ["a blank line between records", (text) => text.replace('\n    "B"', '\n\n    "B"'), "are not laid out"],
    [
      "a number that Python writes in another way",
      (text) => text.replace('"config"', '"requirements": {"x": 1e5}, "config"'),
      "1e5",
    ],
  ])("%s is found", (_what, spoil, says) => {
    expect(refusedStableDiffusion(fileOf(a, b))).toEqual([]);
    expect(refusedStableDiffusion(spoil(fileOf(a, b))).join("\n")).toContain(says);
  });
});

describe("any records", () => {
  const value = fc.constantFrom<unknown>(null, "text", 1, true, ["a"], { x: null, y: 1 });
  const entry = fc.constantFrom<unknown>(
    { path: "p" },
    { sha256sum: "s", path: "p", md5sum: null },
    { file_url: "u", file_name: "n" },
  );
  const record = fc
    .record({
      fields: fc.array(fc.tuple(fc.constantFrom(...ORDER.filter((key) => key !== "config"), "odd"), value), {
        maxLength: 6,
      }),
      files: fc.array(entry, { maxLength: 2 }),
    })
    .map(({ fields, files }): Record_ => ({ ...Object.fromEntries(fields), config: { files } }));
  const records = fc.dictionary(fc.constantFrom("A", "B", "C", "D é", "E"), record, { maxKeys: 4 });

  it("touched ones stand in form, others as they were, and a canonical file stays canonical", () => {
    fc.assert(
      fc.property(records, records, (before, after) => {
        const { text, changes } = apply(dumps(before), JSON.stringify(after));
        expect(text).toBe(dumps(JSON.parse(text)));
        expect(withoutNulls(JSON.parse(text))).toEqual(withoutNulls(after));
        const touched = new Set(changes.map(({ name }) => name));
        for (const [name, record] of Object.entries<Record_>(JSON.parse(text))) {
          if (!touched.has(name)) expect(JSON.stringify(record)).toBe(JSON.stringify(before[name]));
          else expect(JSON.stringify(record)).toBe(JSON.stringify(inForm(record)));
        }
      }),
      { numRuns: 1000 },
    );
  });

  function withoutNulls(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (_key, member) => {
      if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
      return Object.fromEntries(Object.entries(member).filter(([, inner]) => inner !== null));
    });
  }

  function inForm(record: Record_): unknown {
    const keys = [
      ...ORDER.filter((key) => key in record),
      ...Object.keys(record).filter((key) => !ORDER.includes(key)),
    ];
    return withoutNulls(Object.fromEntries(keys.map((key) => [key, record[key]])));
  }
});
