import fc from "fast-check";

/** Any models.csv, as far from what it should be as a file can get and still be one. */

const COLUMNS = [
  ...["name", "parameters_bn", "display_name", "url", "baseline", "description", "style", "tags"],
  ...["instruct_format", "settings"],
];
const HEADERS = [
  ...Array.from({ length: 24 }, () => COLUMNS),
  ...[[...COLUMNS, "version", "homepage"], [...COLUMNS].reverse()],
  ...[COLUMNS.filter((name) => name !== "style"), COLUMNS.filter((name) => name !== "display_name")],
  ...[COLUMNS.filter((name) => name !== "tags"), COLUMNS.filter((name) => name !== "settings")],
  ...[
    [...COLUMNS, "nsfw", "parameters", "model_name"],
    [...COLUMNS, ""],
    [...COLUMNS, "tags", "name"],
  ],
  ...[COLUMNS.slice(1), ["url", "settings", "name", "style", "extra", "parameters_bn", "tags"]],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.constantFrom(
    "plain",
    'a "quoted" word',
    "one, two",
    "line\nbreak",
    "line\r\nbreak",
    "cr\rbreak",
    " padded ",
    "— 😀",
  ),
  fc.constantFrom("\ud83d\ude00\u007f\u0080", "\ufeff", "\u2028", "tab\there", '"', '""', "'", "a\\b", "\u0085x\u001c"),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a/b", "org/A-7B", "other/A-7B", "b_c", "é😀/名", "x/y/z", "-", "a//b", "/", "a/ b "),
  },
  fc.constantFrom("", " ", "https://huggingface.co/x/y", "koboldcpp/A-7B", "aphrodite/a/b", "aphrodite/koboldcpp/z"),
  text,
);
const size = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.constantFrom("7", " 12", "0.355", "70.6", "4.5", "3.5", "0.5", "1.5", "2.5", "0", "-3", "-0"),
  },
  { weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  fc.constantFrom(
    "1e1",
    ".25",
    "8.",
    "1_000",
    "1_0.5_0e1_0",
    "+4",
    "\t7\n",
    "1e22",
    "1e290",
    "1e-400",
    "٧",
    "１２",
    "𝟕.𝟝",
  ),
  fc.constantFrom(
    "\u00a07\u2003",
    "\u00857",
    "7\u001c",
    "\u001f7",
    "1__0",
    "_1",
    "1_",
    "0x10",
    "+ 7",
    "1e400",
    "-1e300",
  ),
  fc.constantFrom("", " ", "nan", "inf", "-Infinity", "+NaN", "7B", "big", ".", "e5", "7\u200b", "1,5", "--1"),
);
const tags = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("", "chat", "chat, 7B", "a,b,,c", ",", " , ", "popular ,  roleplay", "😀,\uff5e,\ue000"),
  },
  text,
);
const number = fc.oneof(
  fc.constantFrom("0.7", "3.0", "1E3", "1e-5", "0.10", "-0", "-0.0", "1e16", "123456789012345678901234567890", "1e400"),
  fc.constantFrom(
    "-1e999",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e22",
    "5e-324",
    "0.1e1",
    "100000000000000000000.0",
    "01",
    "1.",
    ".5",
  ),
  fc.double().map(String),
);
const value = fc.oneof(
  { weight: 12, arbitrary: number },
  fc.constantFrom(
    "[[1]]",
    '{"deep": [1, {"x": null}]}',
    "[]",
    "{}",
    '["a", "\\ud83d\\ude00", "é,"]',
    '"\\ud800"',
    "null",
    "true",
  ),
  fc.constantFrom('"tab\\t"', '"\u0001"', '"a', "'a'", "nan", "True", "[1,]", "[1 2]"),
);
const key = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom("temperature", "top_p", "top_k", "stop_sequence", "sampler_order", "n") },
  fc.constantFrom("odd", "Temperature", ""),
);
const settings = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  {
    weight: 8,
    arbitrary: fc
      .array(fc.tuple(key, value), { maxLength: 3 })
      .map((members) => `{${members.map(([name, source]) => `"${name}":${source}`).join(", ")}}`),
  },
  fc.constantFrom(
    "{}",
    " {}",
    "[]",
    "null",
    '"x"',
    "{",
    "{} x",
    "\ufeff{}",
    '{"n": 1,}',
    " ",
    "{'n': 1}",
    `{"n": ${"9".repeat(4301)}}`,
  ),
);

function cellOf(column: string): fc.Arbitrary<string> {
  switch (column) {
    case "name":
      return name;
    case "parameters_bn":
      return size;
    case "tags":
      return tags;
    case "settings":
      return settings;
    default:
      return text;
  }
}

export const anyCsv: fc.Arbitrary<string> = fc.constantFrom(...HEADERS).chain((header) => {
  const row = fc
    .tuple(fc.constantFrom(...Array.from({ length: 20 }, () => 0), 1, 2, -1, -3, -9), ...header.map(cellOf))
    .map(([more, ...cells]) => [...cells, "surplus", "s2"].slice(0, header.length + more));
  return fc
    .record({
      rows: fc.array(row, { maxLength: 3 }),
      eol: fc.constantFrom("\r\n", "\r\n", "\n", "\r"),
      end: fc.constantFrom(true, true, false),
      lead: fc.constantFrom(...Array.from({ length: 30 }, () => ""), "\ufeff", "\r\n", "\n\n", "\ufeff\r\n"),
      blankAt: fc.constantFrom(-1, -1, -1, 1, 2),
      tail: fc.constantFrom(
        ...Array.from({ length: 12 }, () => ""),
        '"open',
        'a/b,7,"x"y"z,',
        "\u0000,7",
        "\n\n",
        " ",
        '""',
      ),
      quoting: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    })
    .map(({ rows, eol, end, lead, blankAt, tail, quoting }) => {
      let cell = 0;
      const spell = (source: string) =>
        quoting[cell++ % 5] || /[",\r\n]/.test(source) ? `"${source.replaceAll('"', '""')}"` : source;
      const lines = [header, ...rows].map((cells) => cells.map(spell).join(","));
      if (blankAt > 0 && blankAt < lines.length) lines.splice(blankAt, 0, "");
      return lead + lines.join(eol) + (end || tail !== "" ? eol : "") + tail;
    });
});
