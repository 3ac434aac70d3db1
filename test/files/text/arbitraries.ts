import fc from "fast-check";

/** Files as people might leave them: odd quoting, spacing and line ends, names twice, malformed rows. */
export const DEFAULTS =
  '{"baseline": "", "parameters": null, "description": "", "version": "1", "style": "generalist", "nsfw": false}';
export const PARAMS = '{"temperature": 5, "top_p": 1, "top_k": 100, "rep_pen": 3, "stop_sequence": ["string"]}';

const COLUMNS = [
  ...["name", "parameters_bn", "display_name", "url", "baseline", "description", "style", "tags"],
  ...["instruct_format", "settings"],
];

export interface CsvShape {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly text: string;
}

/** A file, with columns of its own or the given ones. */
export function csvFile(columns?: readonly string[]): fc.Arbitrary<CsvShape> {
  const header =
    columns === undefined
      ? fc.constantFrom(COLUMNS, [...COLUMNS, "homepage", "version"], SHUFFLED)
      : fc.constant(columns);
  return header.chain((names) =>
    fc
      .record({
        rows: fc.array(csvRow(names), { maxLength: 9 }),
        eol: fc.constantFrom("\r\n", "\n"),
        hasFinalEol: fc.boolean(),
        bom: fc.constantFrom("", "", "\ufeff"),
        quoting: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        blankLineAt: fc.constantFrom(-1, -1, 2),
      })
      .map(({ rows, eol, hasFinalEol, bom, quoting, blankLineAt }) => {
        let cell = 0;
        const spell = (value: string) => quote(value, quoting[cell++ % quoting.length] ?? false);
        const lines = [names, ...rows].map((row) => row.map(spell).join(","));
        if (blankLineAt > 0 && blankLineAt < lines.length) lines.splice(blankLineAt, 0, "");
        return { columns: names, rows, text: bom + lines.join(eol) + (hasFinalEol ? eol : "") };
      }),
  );
}

const SHUFFLED = ["url", "settings", "name", "style", "extra", "parameters_bn", "tags", "description", "display_name"];

const text = fc.oneof(
  fc.constantFrom(
    "",
    "",
    "",
    "plain",
    'a "quoted" word',
    "one, two",
    "line\nbreak",
    "line\r\nbreak",
    " padded ",
    "— 😀",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const name = fc
  .tuple(
    fc.constantFrom("", "org/", "other/", "koboldcpp/", "aphrodite/", "名/"),
    fc.constantFrom("A-7B", "b_c", "é😀", "x/y", "-"),
  )
  .map((parts) => parts.join(""));
const size = fc.oneof(
  fc.constantFrom("7", " 12", "0.355", "70.6", "4.5", "3.5", "1e1", "0", "0.5", ".25", "8.", "1_000", "-3", "12 "),
  fc.integer({ min: 1, max: 700_000 }).map((thousandths) => String(thousandths / 1000)),
);
const tag = fc.constantFrom("roleplay", "popular", "7B", "chat", "generalist", "😀", "\uff5e", "a b");
const tags = fc
  .tuple(fc.array(tag, { maxLength: 4 }), fc.constantFrom(",", ", ", " ,  "), fc.constantFrom("", "", " ", ","))
  .map(([list, comma, tail]) => list.join(comma) + tail);
const settings = fc.constantFrom(
  ...["", "", "", "{}", '{"temperature": 0.7}', '{"temperature":3.0,  "top_k":40}', '{"top_p": 1e-5, "rep_pen": 0.10}'],
  ...[
    '{"stop_sequence": ["a", "\\ud83d\\ude00", "é,"]}',
    ' {"top_k": 123456789012345678901234567890}',
    '{"temperature": 1E3}',
  ],
);
const malformed = {
  size: fc.constantFrom("", "big", "nan", "1e400"),
  settings: fc.constantFrom("[]", "{", '{"x": 1}', '{"top_k": {}}'),
};

function csvRow(columns: readonly string[]): fc.Arbitrary<string[]> {
  const cells = columns.map((column): fc.Arbitrary<string> => {
    if (column === "name")
      return fc.oneof({ weight: 20, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom("", "https://x/y") });
    if (column === "parameters_bn")
      return fc.oneof({ weight: 15, arbitrary: size }, { weight: 1, arbitrary: malformed.size });
    if (column === "tags") return tags;
    if (column === "style") return fc.constantFrom("", "", "chat", "generalist", "odd, style", " chat");
    if (column === "settings")
      return fc.oneof({ weight: 15, arbitrary: settings }, { weight: 1, arbitrary: malformed.settings });
    return text;
  });
  const kept = fc.constantFrom(columns.length, columns.length, columns.length, columns.length + 1, columns.length - 2);
  return fc.tuple(kept, ...cells).map(([length, ...row]) => [...row, "surplus"].slice(0, length));
}

/** The text of a canonical db.json as PRIMARY sends it after an edit: two spaces, raw UTF-8, no final newline. */
export function asEdited(db: string): string {
  const raw = (code: string) => (/^\\u(?!00[0-7])/.test(code) ? JSON.parse(`"${code}"`) : code);
  return db
    .trimEnd()
    .replace(/^ +/gm, (margin) => margin.slice(margin.length / 2))
    .replace(/\\u[0-9a-f]{4}(?:\\u[0-9a-f]{4})*|\\./g, raw);
}

function quote(value: string, isForced: boolean): string {
  return isForced || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
