import fc from "fast-check";

/**
 * Ways to spoil a JSON text, or only to spell it in another way: all that a native reading could lose, and all layouts.
 * Some of them do nothing where the text has nothing to spoil.
 */
export type Oddity = (text: string) => string;

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Values to stand beside a record's first field, or in the place of one that follows. */
const VALUES = [
  ...[
    "12345678901234567890",
    "1234567890123456",
    "0.1000000000000000055",
    "1e5",
    "1E400",
    "1e-07",
    "-0",
    "-0.0",
    "1.0",
  ],
  ...[
    '"\\ud800"',
    '"\\u0041"',
    '"\\/"',
    '"\\ud83d\\ude00"',
    '"\\u2014"',
    '"\u007f"',
    '"\\u007f"',
    '"\\u007F"',
    '"\u00a0"',
  ],
  ...[
    '{"b": 1, "1": 2}',
    '{"a": 1, "a": 2}',
    '{"__proto__": {"x": 1}}',
    deep(300),
    deep(498),
    deep(499),
    deep(500),
    deep(600),
    deep(50_000),
  ],
  ...[
    "NaN",
    "Infinity",
    "01",
    ".5",
    "nul",
    '"\\x"',
    '"\\é"',
    '"line\nbreak"',
    "[1,]",
    '"',
    "",
    `"${"x".repeat(20_000)}"`,
  ],
];

const CHANGES: readonly Oddity[] = [
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => text.replace(/^( +)/gm, (margin) => "\t".repeat(margin.length / 2)),
  (text) => text.replace(/^ +/gm, ""),
  (text) => text.replace(",\n", ", \n"),
  (text) => text.replace(",\n", "\n,"),
  (text) => text.replace(/\n( +")/, "\n\n$1"),
  (text) => text.replace(/\},\n +"/, '}, "'),
  (text) => text.replaceAll('": ', '" : '),
  (text) => text.replaceAll('": ', '":'),
  (text) => text.trimEnd(),
  (text) => `${text}\n`,
  (text) => `${text} \u00a0`,
  (text) => `${text}{}`,
  (text) => text.replace(/\}\s*$/, ',\n    "A": {"name": "A"}\n}\n'),
  (text) => text.replace(/\}\s*$/, ', "B": {"name": "B"}}'),
  (text) => text.replace(/\}\s*$/, ',\n    "odd": 5\n}\n'),
  (text) => text.replace(/\}\s*$/, ',\n    "odd": []\n}\n'),
  (text) => text.replace(/\}\s*$/, ',\n    "odd": {}\n}\n'),
  (text) => text.replace("{", `{\n    "${"n".repeat(17_000)}": {},`),
  (text) => text.replace(/\n( +)"(.)/, '\n$1"\\u00$2'),
  (text) => text.replace(/"([A-Z])/, (_found, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/"files": \[/, '"files": [],\n            "files": ['),
  (text) => text.replace(/"name": "[^"]*"/, (found) => `${found}, ${found}`),
  (text) => text.replace(/(?<="name": )"[^"]*"/, "null"),
  (text) => text.replace("{", "["),
  () => "",
  () => " \n",
  () => "{}",
  () => "{}\n",
  () => "[]",
  () => "null",
  (text) => text.replaceAll(/\\u([\da-f]{4})/g, (found) => found.toUpperCase().replace("U", "u")),
];

export const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  fc.constantFrom(...CHANGES),
  fc.tuple(fc.constantFrom(...VALUES), fc.nat(), fc.boolean()).map(([value, at, isNew]): Oddity => {
    return (text) =>
      onNth(text, /"(?:name|description|version)": "[^"\\]*"/g, at, (found) =>
        isNew ? `${found}, "x": ${value}` : `"version": ${value}`,
      );
  }),
  fc
    .tuple(fc.nat(), fc.constantFrom("", "}", "]", '"', ",", "\\", "\n", "0", "{", ":", " "))
    .map(([at, character]): Oddity => {
      return (text) => {
        const place = at % Math.max(text.length, 1);
        return text.slice(0, place) + character + text.slice(place + 1);
      };
    }),
);

function onNth(text: string, pattern: RegExp, at: number, change: (found: string) => string): string {
  const places = [...text.matchAll(pattern)];
  const place = places[at % Math.max(places.length, 1)];
  if (place === undefined) return text;
  return text.slice(0, place.index) + change(place[0]) + text.slice(place.index + place[0].length);
}
