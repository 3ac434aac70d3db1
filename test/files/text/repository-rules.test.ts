import { describe, expect, it } from "vitest";
import type { RecordChange } from "../../../src/files/codec.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { HEADER } from "../../fakes/model-table.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";

/** One made-up case for every kind of row that the script and PRIMARY see differently, or that the check refuses. */

const file = (...rows: string[]) => [HEADER, ...rows, ""].join("\r\n");
const convert = (csv: string) => convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS }).dbJson;
const primaryOf = (...rows: string[]) => convert(file(...rows));
const codec = createTextCodec();

function apply(csv: string, primary: string, db: string | null = convert(csv)) {
  const files = new Map<string, string | null>([
    ["models.csv", csv],
    ["db.json", db],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);
  const result = codec.apply({ primary, files });
  const edited = new Map([...files, ...result.files]);
  const after = edited.get("models.csv") ?? "";
  expect(edited.get("db.json")).toBe(convert(after));
  expect(codec.apply({ primary, files: edited })).toMatchObject({ changes: [], files: new Map() });
  const told = codec.diff({ before: files, after: edited });
  expect(told.changes).toEqual(result.changes);
  return { ...result, csv: after, left: told.warnings };
}

const summary = (changes: readonly RecordChange[]) =>
  changes.map((change) => `${change.kind} ${change.kind === "renamed" ? `${change.from} → ` : ""}${change.name}`);
const stops = "the repository's script stops there, and its check will refuse the file";

const URL_ROW = "https://huggingface.co/x/y,7,,,,,,,,";
const NAMELESS = ",7,,,,About nothing,,,,";
const NESTED = 'a/n,7,,,,,,,,"{""stop_sequence"": [[1]]}"';
const NULLED = 'a/n,7,,,,,,,,"{""top_k"": null}"';
const ENDLESS = 'a/n,7,,,,,,,,"{""top_p"": 1e400, ""top_k"": NaN}"';
const RAGGED = "a/n,7,,,,,,,,,,surplus";
const FOREIGN = "a/n,٧,,,,,,,,";
const UNDERSCORED = "a/n,1_0,,,,,,,,";
const KEPT = "models.csv has rows that PRIMARY cannot hold";

it("makes of a row just this", () => {
  const entry = (key: string, short: string, ...rest: readonly string[]) =>
    [
      `    "${key}": {`,
      `        "name": "${key}",`,
      `        "model_name": "${short}",`,
      '        "baseline": "",',
      '        "parameters": 3000000000,',
      '        "description": "",',
      '        "version": "1",',
      '        "style": "generalist",',
      '        "nsfw": false,',
      '        "tags": [',
      '            "3B"',
      `        ]${rest.map((line) => `,\n        ${line}`).join("")}`,
      "    }",
    ].join("\n");
  const three = (name: string, short: string, ...rest: readonly string[]) =>
    [name, `aphrodite/${name}`, `koboldcpp/${short}`].map((key) => entry(key, short, ...rest));
  const marx = three("a/Marx-3B__V3", "Marx-3B__V3", '"display_name": "Marx 3B V3"');
  const csv = "name,parameters_bn\r\na/Marx-3B__V3,3\r\na/-_ ,3\r\n";
  expect(convert(csv)).toBe(`{\n${[...marx, ...three("a/-_ ", "-_ ")].join(",\n")}\n}\n`);
});

it("writes lists within lists as json.dumps indents them", () => {
  const csv = 'name,parameters_bn,tags,settings\r\na,7,,"{""stop_sequence"": [[""x"", []], {""y"": [1]}]}"\r\n';
  const settings = { stop_sequence: [["x", []], { y: [1] }] };
  const printed = JSON.stringify({ "": { settings } }, null, 4).split("\n").slice(2, -2).join("\n");
  expect(convert(csv)).toContain(printed);
});

describe("a row that the script takes is in db.json, and its meaning is the script's", () => {
  it.each([URL_ROW, NAMELESS, NESTED, NULLED, RAGGED, FOREIGN, UNDERSCORED])(
    "%s: where PRIMARY says it too, nothing changes",
    (row) => {
      const csv = file("a/b,8", row);
      const { csv: after, changes, warnings } = apply(csv, convert(csv));
      expect({ after, changes }).toEqual({ after: csv, changes: [] });
      expect(warnings.filter((warning) => warning.startsWith(KEPT))).toEqual([]);
    },
  );

  it.each([
    [URL_ROW, "https://huggingface.co/x/y"],
    [NAMELESS, ""],
    [NESTED, "a/n"],
    [ENDLESS, "a/n"],
  ])("%s: where PRIMARY lacks it and could not hold it, it stays and is told", (row, name) => {
    const csv = file("a/b,8", row);
    const { csv: after, changes, warnings } = apply(csv, primaryOf("a/b,9"));
    expect(after).toBe(file("a/b,9", row));
    expect(summary(changes)).toEqual(["modified a/b"]);
    expect(warnings).toEqual([expect.stringContaining(`they stay, also in db.json: ${JSON.stringify(name)}.`)]);
  });

  it.each([RAGGED, FOREIGN, UNDERSCORED])("%s: where PRIMARY lacks it and could hold it, it goes", (row) => {
    const { csv, changes } = apply(file("a/b,8", row), primaryOf("a/b,8"));
    expect(csv).toBe(file("a/b,8"));
    expect(summary(changes)).toEqual(["removed a/n"]);
  });

  it("keeps nested settings that PRIMARY has too, when something else changes", () => {
    const changed = NESTED.replace("7,", "8,");
    expect(apply(file(NESTED), primaryOf(changed)).csv).toBe(file(changed));
  });

  it("writes PRIMARY's settings where it has others", () => {
    const { csv, changes } = apply(file(ENDLESS), primaryOf('a/n,7,,,,,,,,"{""top_p"": 0.5}"'));
    expect(csv).toBe(file('a/n,7,,,,,,,,"{""top_p"": 0.5}"'));
    expect(changes).toMatchObject([
      {
        kind: "modified",
        fields: [{ before: `{"top_p":"float('inf')","top_k":"float('nan')"}`, after: '{"top_p":0.5}' }],
      },
    ]);
  });

  it("writes a name that PRIMARY's own reader would skip, as PRIMARY has it", () => {
    expect(apply(file("a/b,8"), primaryOf("a/b,8", URL_ROW)).csv).toBe(file("a/b,8", URL_ROW));
  });
});

describe("where the script stops", () => {
  it.each([
    ["\ufeff", "a byte order mark"],
    ["\r\n\r\n", "a blank line"],
    ["\ufeff\n", "a byte order mark and a blank line"],
  ])("%j before the header is taken out, and that is said", (lead, what) => {
    const csv = lead + file("a/b,8");
    const { csv: after, changes, warnings, left } = apply(csv, primaryOf("a/b,8"));
    expect({ after, changes, left }).toEqual({ after: file("a/b,8"), changes: [], left: [] });
    expect(warnings).toEqual([
      `models.csv began with ${what}, at which the repository's script stops; that is taken out.`,
    ]);
    const found = codec.diff({ before: state(csv), after: state(csv) }).warnings;
    expect(found).toEqual([`models.csv begins with ${what}: ${stops}; take it out.`]);
  });

  it.each([
    ["a/s,,,", 'its size "" is not a number', "give it a size in billions, such as 7, or remove it"],
    ["a/s", 'its size "" is not a number', "give it a size in billions, such as 7, or remove it"],
    ["a/s,nan", 'its size "nan" is not a number', "give it a size in billions, such as 7, or remove it"],
    ["a/s,1e400", 'its size "1e400" is not a number', "give it a size in billions, such as 7, or remove it"],
    ["a/s,7,,,,,,,,{", "its settings are not JSON: expected a string", "mend its settings, or leave them empty"],
    [
      'a/s,7,,,,,,,,"{""odd"":1}"',
      'its settings have the key "odd", which generation_params.json lacks',
      "mend its settings, or leave them empty",
    ],
    [
      `a/s,7,,,,,,,,"{""top_k"":${"9".repeat(4301)}}"`,
      "its settings have a number of over 4300 digits",
      "mend its settings",
    ],
    [`a/s,7,,,,${"x".repeat(131_073)}`, "it has a cell of more than 131,072 characters", "shorten it"],
    ["a/s,7,,,,\0", "it holds a NUL character", "take that out"],
  ])("%.30s…: line, model and cure are told, before and after the edit", (row, reason, cure) => {
    const { warnings, left, csv } = apply(
      file("gone,1", row),
      primaryOf('new/z,1,,,,"two\nlines"', ...(row.length > 99_999 ? [row] : [])),
    );
    expect(csv).toContain(row);
    for (const [list, line] of [
      [warnings, 4],
      [left, 4],
    ] as const) {
      const found = list.find((warning) => warning.startsWith(`models.csv line ${line} ("a/s"): ${reason}`));
      expect(found).toContain(`${stops}; ${cure}`);
    }
  });

  it("a missing column is told", () => {
    const csv = "name,parameters_bn,settings\r\na/b,8,\r\n";
    expect(apply(csv, convert(csv)).warnings).toEqual([
      `models.csv has no column "tags": ${stops}; add it to the first line.`,
    ]);
  });

  it("a column with a misspelt name keeps its cells until it is mended, and is the reason told", () => {
    const row = 'a/b,8,,,,,,,,"{""top_k"": 40}"';
    const primary = primaryOf(row);
    const misspelt = file(row).replace(",settings\r\n", ",setting\r\n");
    const { csv, warnings } = apply(misspelt, primary);
    expect(csv).toBe(misspelt);
    expect(warnings).toEqual([
      `models.csv has no column "settings": ${stops}; add it to the first line.`,
      'models.csv cannot hold the absence of "setting" (a column that may be meant as "settings"; its cells stay), which PRIMARY has for 1 model: "a/b".',
      'models.csv cannot hold "settings" (its header lacks the column), which PRIMARY has for 1 model: "a/b".',
    ]);
    expect(apply(file(row), primary).warnings).toEqual([]);
  });

  it("a field that has no column at all is not taken for a misspelt one", () => {
    const csv = "name,parameters_bn,tags\r\na/b,8,\r\n";
    const primary = convert(csv).replaceAll(/\n +"nsfw": false,/g, "");
    expect(apply(csv, primary).warnings.slice(1)).toEqual([
      'models.csv cannot hold the absence of "nsfw" (the field takes its default), which PRIMARY has for 1 model: "a/b".',
    ]);
  });

  it("a text that becomes too long for a cell is published and told", () => {
    const long = "x".repeat(131_073);
    const { csv, warnings } = apply(file("a/b,8"), primaryOf(`a/b,8,,,,${long}`));
    expect(csv).toBe(file(`a/b,8,,,,${long}`));
    expect(warnings).toEqual([
      `models.csv line 2 ("a/b"): it has a cell of more than 131,072 characters: ${stops}; shorten it.`,
    ]);
  });

  it("only so many rows are told", () => {
    const rows = Array.from({ length: 30 }, (_, index) => `a/${index},`);
    const { warnings } = apply(file(...rows), "{}");
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe("… and 10 more of this kind in models.csv.");
  });
});

describe("what the repository's check refuses of models.csv is told when it is published", () => {
  const refused = (csv: string) => codec.diff({ before: state(csv), after: state(csv) }).warnings;

  it.each([
    [file("a/b,8"), []],
    [file("a/b,8").replaceAll("\r\n", "\n"), ["it has 2 rows without CRLF at the end (the first on line 1)"]],
    [file('"a/b",8'), ["it has a row with quotes that they do not need, or without some that they do (line 2)"]],
    [file("a/b,8").trimEnd(), ["it has no newline at its end"]],
    [`${file("a/b,8")}\r\n`, ["it has more than one newline at its end"]],
    [file('a/b,8,,,,"two \nlines"'), ["line 2 ends with white space"]],
  ])("%j", (csv, phrases) => {
    expect(refused(csv)).toEqual(phrases.map((what) => `The repository's check will refuse models.csv: ${what}.`));
    const { warnings } = apply(csv, convert(`${csv.trimEnd()}\r\nnew/z,9\r\n`));
    for (const warning of warnings) expect(warning).toContain("The repository's check will refuse models.csv");
    expect(warnings.length > 0).toBe(phrases.length > 0);
  });

  it("a db.json that is not the script's is told of the state that has it", () => {
    const csv = file("a/b,8");
    const after = new Map([...state(csv), ["db.json", "{}\n"]]);
    expect(codec.diff({ before: state(csv), after })).toEqual({
      changes: [],
      warnings: [
        "The repository's check will refuse db.json: it is not what convert.py makes of models.csv; run convert.py.",
      ],
    });
  });
});

describe("two states", () => {
  const missing = new Map([...state(file()), ["models.csv", null], ["db.json", null]]);

  it("without a file are ones without models", () => {
    const there = state(file("a/b,8"));
    expect(summary(codec.diff({ before: missing, after: there }).changes)).toEqual(["added a/b"]);
    expect(summary(codec.diff({ before: there, after: missing }).changes)).toEqual(["removed a/b"]);
    expect(codec.diff({ before: missing, after: missing })).toEqual({ changes: [], warnings: [] });
  });

  it("are compared by models.csv: a db.json that is out of date is no change", () => {
    const after = new Map([...state(file("a/b,9")), ["db.json", "{}\n"]]);
    expect(summary(codec.diff({ before: state(file("a/b,8")), after }).changes)).toEqual(["modified a/b"]);
  });

  it("differ by what the repository's other files say, too", () => {
    const after = new Map([...state(file("a/b,8")), ["defaults.json", DEFAULTS.replace("false", "true")]]);
    after.delete("db.json");
    expect(codec.diff({ before: state(file("a/b,8")), after })).toMatchObject({
      changes: [{ kind: "modified", name: "a/b", fields: [{ field: "nsfw", before: "false", after: "true" }] }],
      warnings: [],
    });
  });

  it.each(["models.csv", "defaults.json", "generation_params.json"])(
    "that cannot be read are a fault that names %s",
    (path) => {
      const broken = new Map([...state(file("a/b,8")), [path, "<html>"]]);
      for (const sides of [
        { before: broken, after: missing },
        { before: missing, after: broken },
      ]) {
        expect(() => codec.diff(sides)).toThrow(
          expect.objectContaining({ code: "legacy-malformed", message: expect.stringContaining(path) }),
        );
      }
    },
  );
});

describe("neighbours", () => {
  it("a new row stands behind the last row of its PRIMARY predecessor", () => {
    const rows = ["a/1,1", "a/2,2", "a/1,3", "a/3,4"];
    const { csv } = apply(
      file(...rows),
      primaryOf("a/1,1", "new/x,5", "new/y,6", "a/2,2", "a/1,3", "a/3,4", "new/z,7"),
    );
    expect(csv).toBe(file("a/1,1", "a/2,2", "a/1,3", "new/x,5,,,,,,,,", "new/y,6,,,,,,,,", "a/3,4", "new/z,7,,,,,,,,"));
  });

  it("a new row behind one whose quote is never closed closes it", () => {
    const csv = `${HEADER}\r\na/1,1,,,,"open`;
    expect(apply(csv, primaryOf('a/1,1,,,,"open"', "new/x,5")).csv).toBe(
      `${HEADER}\r\na/1,1,,,,"open"\r\nnew/x,5,,,,,,,,`,
    );
  });

  it("a rename is edited in its place and told as one", () => {
    const row = (name: string) =>
      `${name},12, Named ,https://example.org/of/its/own,,"What it is, told at length",chat,"a,  b",,`;
    const { csv, changes } = apply(
      file("a/1,1", row("old/Name-12B"), "a/2,2"),
      primaryOf("a/1,1", "a/2,2", row("new/Name-12B"), "z/z,3"),
    );
    expect(csv).toBe(file("a/1,1", row("new/Name-12B"), "a/2,2", "z/z,3,,,,,,,,"));
    expect(summary(changes)).toEqual(["renamed old/Name-12B → new/Name-12B", "added z/z"]);
    expect(changes[0]).toMatchObject({ fields: [] });
  });

  it("a row under a URL goes on under the name that PRIMARY has", () => {
    const row = (name: string) => `${name},12,,https://example.org/of/its/own,,"What it is, told at length",chat,,,`;
    const { csv, changes, warnings } = apply(file(row("https://huggingface.co/x/y")), primaryOf(row("x/y")));
    expect(csv).toBe(file(row("x/y")));
    expect(summary(changes)).toEqual(["renamed https://huggingface.co/x/y → x/y"]);
    expect(warnings).toEqual([]);
  });

  it("models that only have a size in common are two", () => {
    expect(summary(apply(file("a/One,7"), primaryOf("b/Two,7")).changes)).toEqual(["added b/Two", "removed a/One"]);
  });
});

describe("entries that several models have", () => {
  it("are each whose they are in PRIMARY, also where one model must come behind another for two reasons", () => {
    const rows = ["koboldcpp/x,3", "b/x,2", "a/x,1", "aphrodite/b/x,4"];
    for (const order of [rows, [...rows].reverse(), [rows[2], rows[0], rows[3], rows[1]].flatMap((row) => row ?? [])]) {
      const { csv } = apply(file(...rows), primaryOf(...order));
      expect(JSON.parse(convert(csv))).toEqual(JSON.parse(primaryOf(...order)));
    }
  });
});

describe("derived entries of PRIMARY that disagree with their model", () => {
  const db = primaryOf("a/b,7", "koboldcpp/z,8");

  it.each([
    ["koboldcpp/b", db.replace(/("koboldcpp\/b": \{[^}]*)"version": "1"/, '$1"version": "2"'), "say something else"],
    ["aphrodite/a/b", db.replace(/("aphrodite\/a\/b": \{[^}]*)"nsfw": false/, '$1"nsfw": true'), "say something else"],
    ["aphrodite/a/b", db.replace(/"aphrodite\/a\/b": \{[^}]*\},/, ""), "lacks entries"],
    ["aphrodite/koboldcpp/y", db.replace("{", '{"aphrodite/koboldcpp/y": {},'), "models that it lacks"],
  ])("%s is told", (key, primary, what) => {
    const { changes, warnings } = apply(file("a/b,7", "koboldcpp/z,8"), primary);
    expect(changes).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(what)]);
    expect(warnings[0]).toContain(JSON.stringify(key));
  });

  it("are not, where they only are written in another way", () => {
    const respelled = db.replace(/("koboldcpp\/b": )(\{[^}]*\})/, (_all, key, record) => {
      const entries = Object.entries(JSON.parse(record)).reverse();
      return `${key}${JSON.stringify(Object.fromEntries(entries))}`;
    });
    expect(apply(file("a/b,7", "koboldcpp/z,8"), respelled)).toMatchObject({ changes: [], warnings: [] });
  });
});

function state(csv: string): Map<string, string | null> {
  return new Map([
    ["models.csv", csv],
    ["db.json", convert(csv)],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);
}
