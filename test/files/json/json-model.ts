import fc from "fast-check";

/** A JSON value as a test thinks of it: members in order, duplicates possible, scalars as they are spelled. */
export type Model =
  | { readonly kind: "object"; readonly members: readonly ModelMember[] }
  | { readonly kind: "array"; readonly items: readonly Model[] }
  | { readonly kind: "scalar"; readonly source: string };

export interface ModelMember {
  /** The spelling of the name, with its quotes. */
  readonly name: string;
  readonly value: Model;
}

/** How a text is written. `indents` is taken in turn, one per record, so that one file can mix them. */
export interface TextStyle {
  readonly indents: readonly (string | null)[];
  readonly eol: string;
  readonly colon: string;
  readonly gap: string;
  readonly bom: string;
  readonly end: string;
}

export interface WrittenText {
  readonly text: string;
  /** The exact source of every member of the outer object, `"name": value`. */
  readonly sources: readonly string[];
}

/** Writes `{name: record}`; written independently of the code under test. */
export function writeRecords(members: readonly ModelMember[], style: TextStyle): WrittenText {
  const sources = members.map((member, index) => {
    const indent = style.indents[index % style.indents.length] ?? null;
    return member.name + style.colon + writeValue(member.value, { ...style, indent }, indent ?? "");
  });
  const leads = members.map((_, index) => style.indents[index % style.indents.length] ?? null);
  const parts = sources.map((source, index) => {
    const indent = leads[index] ?? null;
    return (index > 0 ? "," : "") + (indent === null ? (index > 0 ? style.gap : "") : style.eol + indent) + source;
  });
  const close = leads.at(-1) == null ? "" : style.eol;
  return { text: `${style.bom}{${parts.join("")}${close}}${style.end}`, sources };
}

type ValueStyle = Pick<TextStyle, "eol" | "colon" | "gap"> & { readonly indent: string | null };

export function writeValue(value: Model, style: ValueStyle, outer = ""): string {
  if (value.kind === "scalar") return value.source;
  const inner = outer + (style.indent ?? "");
  const elements =
    value.kind === "array"
      ? value.items.map((item) => writeValue(item, style, inner))
      : value.members.map((member) => member.name + style.colon + writeValue(member.value, style, inner));
  const [open, close] = value.kind === "array" ? ["[", "]"] : ["{", "}"];
  if (elements.length === 0) return open + close;
  if (style.indent === null) return open + elements.join(`,${style.gap}`) + close;
  return open + elements.map((element) => style.eol + inner + element).join(",") + style.eol + outer + close;
}

export const anyStyle: fc.Arbitrary<TextStyle> = fc
  .record({
    indents: fc.oneof(
      fc.array(fc.constantFrom("\t", "  ", "    "), { minLength: 1, maxLength: 3 }),
      fc.constant([null]),
      fc.array(fc.constantFrom("\t", "  ", null), { minLength: 1, maxLength: 3 }),
    ),
    eol: fc.constantFrom("\n", "\r\n"),
    spaced: fc.boolean(),
    bom: fc.constantFrom("", "", "\ufeff"),
    end: fc.constantFrom("", "\n", "\r\n", "\n\n"),
  })
  .map(({ spaced, ...style }) => ({ ...style, colon: spaced ? ": " : ":", gap: spaced ? " " : "" }));

/** Several spellings of one name, `A` and `é` among them, and names that a JavaScript object would treat specially. */
export const oddName = fc.constantFrom(
  ...['"A"', '"\\u0041"', '"b"', '"1"', '"10"', '"2"', '"__proto__"', '"constructor"', '""', '"é"', '"\\u00e9"'],
  ...['"\\u00E9"', '"a/b"', '"a\\/b"', '"q\\"q"', '"line\\nline"', '"😀"', '"\\ud83d\\ude00"', '"{"', '","', '"}: "'],
);

/** Scalars of which `JSON.parse` loses nothing. Several mean the same. */
export const oddScalar = fc.constantFrom(
  ...["0", "1", "1.0", "1e0", "10E-1", "100", "1e2", "1E+2", "-7", "-7.00", "0.5", "5e-1", "2.50", "1234567890"],
  ...[
    "true",
    "false",
    "null",
    '""',
    '"1"',
    '"é"',
    '"\\u00e9"',
    '"\\u0041"',
    '"A"',
    '"\\\\"',
    '"\\""',
    '"a, b: [c] {d}"',
  ],
  ...['"\\ud83d\\ude00"', '"😀"', '"\\/"', '"/"', '"\\t"', '"\\u0009"', '"\u2028"'],
);

export function anyModel(name: fc.Arbitrary<string>, scalar: fc.Arbitrary<string>): fc.Arbitrary<Model> {
  return fc.letrec<{ value: Model; record: Model }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar.map((source): Model => ({ kind: "scalar", source })),
      fc.array(tie("value"), { maxLength: 4 }).map((items): Model => ({ kind: "array", items })),
      tie("record"),
    ),
    record: anyMembers(name, tie("value")).map((members): Model => ({ kind: "object", members })),
  })).record;
}

export function anyMembers(name: fc.Arbitrary<string>, value: fc.Arbitrary<Model>): fc.Arbitrary<ModelMember[]> {
  return fc.array(fc.record({ name, value }), { maxLength: 6 });
}

/** The name that a spelling stands for. */
export function nameOf(member: ModelMember): string {
  return String(JSON.parse(member.name));
}

/** The members that count: of those with one name the last, at the place of the first. */
export function meantMembers(members: readonly ModelMember[]): ModelMember[] {
  return [...new Map(members.map((member) => [nameOf(member), member])).values()];
}

/**
 * As `JSON.parse`, for texts with escapes in names: V8 13.6, the one of Node 24, may take such a name for another one that
 * an earlier text had in its place. So the parser sees each name in hexadecimal digits.
 */
export function parseJson(text: string): unknown {
  const plain = text.replaceAll(STRINGS, (string, name: string | undefined, colon: string) =>
    name === undefined ? string : `"n${toHex(String(JSON.parse(name)))}"${colon}`,
  );
  return withNames(JSON.parse(plain));
}

/** Every string, so that none is looked for within another; of a name both groups. */
const STRINGS = /("(?:[^"\\]|\\.)*")(\s*:)|"(?:[^"\\]|\\.)*"/g;

function toHex(name: string): string {
  return Array.from({ length: name.length }, (_, at) => name.charCodeAt(at).toString(16).padStart(4, "0")).join("");
}

function fromHex(digits: string): string {
  return String.fromCharCode(...(digits.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
}

function withNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [fromHex(name.slice(1)), withNames(inner)]));
}
