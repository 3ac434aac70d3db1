import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/core/errors.ts";
import { blobShaOfText } from "../../../src/files/blob.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { HEADER } from "../../fakes/model-table.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";

const file = (...rows: string[]) => [HEADER, ...rows, ""].join("\r\n");

const convert = (csv: string) => convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS });

function apply(csv: string | null, primary: string, db: string | null = csv === null ? null : convert(csv).dbJson) {
  const files = new Map([
    ["models.csv", csv],
    ["db.json", db],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);
  const result = createTextCodec().apply({ primary, files });
  return { ...result, csv: result.files.get("models.csv") ?? csv, paths: [...result.files.keys()] };
}

/** PRIMARY's answer as db.json of these rows, with some of its text replaced. */
function primaryOf(rows: string[], ...replacements: [string, string][]): string {
  return replacements.reduce((db, [from, to]) => db.replaceAll(from, to), convert(file(...rows)).dbJson);
}

const FULL =
  'a/One-7B, 7,One,https://a,base,"Says ""hi"", twice",chat,"roleplay,  popular",ChatML,"{""top_k"":40,  ""temperature"": 3.0}"';

describe("only what differs is edited", () => {
  it.each([
    ["a text", ['"One"', '"Two"'], FULL.replace(",One,", ",Two,")],
    ["a text that is null", ['"https://a"', "null"], FULL.replace(",https://a,", ",,")],
    ["a text that needs quotes", ['"base"', '"x, y"'], FULL.replace(",base,", ',"x, y",')],
    ["a size", ["7000000000", "7500000000"], FULL.replace(", 7,", ",7.5,")],
    ["a style", ['"chat"', '"coder"'], FULL.replace(",chat,", ",coder,")],
    ["a tag added", ['"roleplay"', '"roleplay",\n"new"'], FULL.replace("  popular", "  popular,  new")],
    ["a tag removed", ['"roleplay"', '"7B"'], FULL.replace('"roleplay,  popular"', "popular")],
    ["a tag replaced", ['"popular"', '"story"'], FULL.replace("  popular", "  story")],
    [
      "a setting",
      ["3.0", "0.50"],
      FULL.replace('""top_k"":40,  ""temperature"": 3.0', '""top_k"": 40, ""temperature"": 0.50'),
    ],
    ["nothing, for a setting spelled differently", ["3.0", "3e0"], FULL],
    ["a display name that is the derived one", ['"One"', '"One 7B"'], FULL.replace(",One,", ",,")],
  ] as [string, [string, string], string][])("%s", (_, replacement, row) => {
    const { csv, changes, files } = apply(
      file("first,1", FULL, "last,3"),
      primaryOf(["first,1", FULL, "last,3"], replacement),
    );
    expect(csv).toBe(file("first,1", row, "last,3"));
    expect(changes.map(({ name }) => name)).toEqual(row === FULL ? [] : ["a/One-7B"]);
    expect(files.get("db.json")).toBe(row === FULL ? undefined : convert(csv ?? "").dbJson);
  });

  it("the tags lose a size that is not the model's any more, and nothing that only looks like one", () => {
    const row = 'a/b,70,,,,,,"popular, 9B"';
    const tags = ["70B", "-3B", "x7B", "7Bx", "7.5B", "9B", "popular", "new"].map((tag) => `"${tag}"`).join(",\n");
    const primary = primaryOf([row], ["70000000000", "7000000000"], ['"70B"', tags]);
    expect(apply(file(row), primary).csv).toBe(file('a/b,7,,,,,,"popular, 9B, x7B, 7Bx, 7.5B, new"'));
  });

  it("tells a change once per model, with the fields of db.json's record", () => {
    const { changes, currentRecords } = apply(file("a/b,7"), primaryOf(["a/b,8"]));
    expect(currentRecords).toBe(1);
    expect(changes).toEqual([
      {
        kind: "modified",
        name: "a/b",
        before: convertRecord("a/b,7"),
        value: convertRecord("a/b,8"),
        fields: [
          { field: "parameters", before: "7000000000", after: "8000000000" },
          { field: "tags", before: '["7B"]', after: '["8B"]' },
        ],
      },
    ]);
  });

  it("adds behind PRIMARY's predecessor, or first without one, and removes all rows of a model", () => {
    const csv = file("gone,1", "kept,2", "gone,3", "last,9");
    const result = apply(csv, primaryOf(['z/new,4,,,,"a, b"', "kept,2", "a/new,5", "last,9"]));
    expect(result.csv).toBe(file('z/new,4,,,,"a, b",,,,', "kept,2", "a/new,5,,,,,,,,", "last,9"));
    expect(result.changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "added z/new",
      "added a/new",
      "removed gone",
    ]);
  });

  it("edits a name that stands twice where it wins", () => {
    const rows = ["a/b,7,,,,early", "x,1", "a/b,7,,,,late"];
    expect(apply(file(...rows), primaryOf(rows, ["late", "later"])).csv).toBe(
      file(...rows.slice(0, 2), "a/b,7,,,,later"),
    );
  });

  it("makes the file anew when there is none", () => {
    const result = apply(null, primaryOf(["a/b,7"]));
    expect(result.csv).toBe(file("a/b,7,,,,,,,,"));
    expect(result).toMatchObject({ currentRecords: 0, warnings: [], paths: ["models.csv", "db.json"] });
  });
});

describe("derived entries of PRIMARY", () => {
  it("are told and not published where they say something else than their model", () => {
    const db = primaryOf(["a/b,7"], ['"name": "koboldcpp/b"', '"stale": true']);
    expect(apply(file("a/b,7"), db)).toMatchObject({
      changes: [],
      paths: [],
      warnings: ['PRIMARY has derived entries that say something else than their models, which count: "koboldcpp/b".'],
    });
  });

  it("are told where PRIMARY lacks them", () => {
    const record = convertRecord("a/b,7");
    expect(apply(file("a/b,7"), `{"a/b": ${record}, "koboldcpp/b": ${record}}`)).toMatchObject({
      changes: [],
      paths: [],
      warnings: ['PRIMARY lacks entries that follow from its models, which db.json has all the same: "aphrodite/a/b".'],
    });
  });

  it("are mentioned when no model has them", () => {
    const db = primaryOf(["a/b,7"]).replace("{", '{"koboldcpp/orphan": {},');
    expect(apply(file("a/b,7"), db)).toMatchObject({
      changes: [],
      paths: [],
      warnings: [expect.stringContaining("koboldcpp/orphan")],
    });
  });

  it("tell a model whose own name begins like theirs", () => {
    const db = primaryOf(["koboldcpp/b,7", "a/b,8"]);
    expect(apply(file("koboldcpp/b,7", "a/b,8"), db)).toMatchObject({ changes: [], paths: [], warnings: [] });
    expect(apply(file("a/b,8"), db).changes.map(({ name }) => name)).toEqual(["koboldcpp/b"]);
  });

  it("tell who owns a shared entry, and what stands behind that one goes with it", () => {
    const rows = ["a/x,7", "b/x,8", "aphrodite/a/x,9"];
    const result = apply(file(...rows), primaryOf(["b/x,8", "a/x,7", "aphrodite/a/x,9"]));
    expect(result.csv).toBe(file("b/x,8", "a/x,7", "aphrodite/a/x,9"));
    expect(result.warnings).toEqual(['"koboldcpp/x" is "a/x" in PRIMARY and not "b/x"; its row is moved behind.']);
  });

  it("tell who owns a shared short name", () => {
    const result = apply(file("a/x,7", "b/x,8"), primaryOf(["b/x,8", "a/x,7"]));
    expect(result.csv).toBe(file("b/x,8", "a/x,7"));
    expect(result).toMatchObject({ changes: [], warnings: [expect.stringContaining("koboldcpp/x")] });
  });
});

describe("what a CSV cannot say is a warning and no drift", () => {
  it.each([
    ["another version", '"version": "1"', '"version": "2"', 'a "version" other than "1"'],
    ["nsfw", '"nsfw": false', '"nsfw": true', 'a "nsfw" other than false'],
    ["a field without a column", '"nsfw": false', '"nsfw": false, "odd": 1', 'a "odd", without a column'],
    ["an empty value", '"nsfw": false', '"nsfw": false, "url": ""', "an empty value"],
    ["a missing field", '"nsfw": false,', "", 'the absence of "nsfw"'],
    ["a text that is none", '"description": ""', '"description": 1', 'a "description" that is not text'],
    ["underivable tags", '"7B"', '"seven"', "tags other than"],
    ["settings that are a list", '"nsfw": false', '"nsfw": false, "settings": [1]', "settings that are no object"],
    ["unknown settings", '"nsfw": false', '"nsfw": false, "settings": {"odd": 1}', "settings that are no object"],
    [
      "an endless number",
      '"nsfw": false',
      '"nsfw": false, "settings": {"top_k": 1e999}',
      "numbers that a double cannot hold",
    ],
    ["half a parameter", "7000000000", "7000000000.5", '"parameters" that no size'],
    ["a name that is none", '"name": "a/b"', '"name": "c/d"', 'a "name" that is not the key'],
  ])("%s", (_, from, to, reason) => {
    const primary = primaryOf(["a/b,7"], [from, to]);
    const first = apply(file("a/b,7"), primary);
    expect(first.warnings.join("\n")).toContain(reason);
    const second = apply(first.csv, primary, first.files.get("db.json") ?? convert(file("a/b,7")).dbJson);
    expect(second).toMatchObject({ changes: [], paths: [], warnings: first.warnings });
  });

  it("a name that is no Unicode is left out", () => {
    const result = apply(file("a/b,7"), primaryOf(["a/b,7"]).replace("{", '{"\\ud800": {},'));
    expect(result).toMatchObject({ changes: [], paths: [] });
    expect(result.warnings[0]).toContain("models.csv cannot hold a name that is not Unicode text");
  });
});

describe("rows at which the script stops", () => {
  const rows = ["a/b,7", "a/c,big", "a/d,1,,,,,,,,[1]", 'a/e,1,,,,,,,,"{""odd"": 1}"', "a/f"];

  it("keep their bytes, give no model and are told by line, with the cure", () => {
    const result = apply(file(...rows), primaryOf(["new/z,1", "a/b,8"]));
    expect(result.csv).toBe(file("new/z,1,,,,,,,,", "a/b,8", ...rows.slice(1)));
    expect(result.currentRecords).toBe(1);
    const stops = "the repository's script stops there, and its check will refuse the file";
    expect(result.warnings).toEqual([
      `models.csv line 4 ("a/c"): its size "big" is not a number: ${stops}; give it a size in billions, such as 7, or remove it.`,
      `models.csv line 5 ("a/d"): its settings are not a JSON object: ${stops}; mend its settings, or leave them empty.`,
      `models.csv line 6 ("a/e"): its settings have the key "odd", which generation_params.json lacks: ${stops}; mend its settings, or leave them empty.`,
      `models.csv line 7 ("a/f"): its size "" is not a number: ${stops}; give it a size in billions, such as 7, or remove it.`,
    ]);
  });

  it("are told with no more of a long cell than its beginning", () => {
    const { warnings } = apply(file(`a/b,${"x".repeat(61)}`, `a/c,${"y".repeat(60)}`), "{}");
    const told = warnings.map((warning) => /its size (".*") is not a number/.exec(warning)?.[1]);
    expect(told).toEqual([`"${"x".repeat(60)}…"`, `"${"y".repeat(60)}"`]);
  });

  it("are told without a name where they have none, and with no more of a long one than its beginning", () => {
    const { warnings } = apply(file(",big", `a/${"n".repeat(90)},big`), "{}");
    const places = warnings.map((warning) => warning.split(": its size")[0]);
    expect(places).toEqual(["models.csv line 2", `models.csv line 3 ("a/${"n".repeat(78)}")`]);
  });

  it("are mended where PRIMARY has the model", () => {
    const result = apply(file("a/b,7", "a/c,big,Kept"), primaryOf(["a/b,7", "a/c,9,Kept"]));
    expect(result.csv).toBe(file("a/b,7", "a/c,9,Kept"));
    expect(result.changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["added a/c"]);
    expect(result.warnings).toEqual([]);
  });
});

describe("db.json", () => {
  it("is repaired alone when it is stale, and that is said", () => {
    const csv = file("a/b,7");
    const stale = apply(csv, primaryOf(["a/b,7"]), "{}\n");
    expect(stale).toMatchObject({
      changes: [],
      paths: ["db.json"],
      warnings: ["db.json did not fit models.csv (the repository's script had not been run); it is repaired."],
    });
    expect(apply(csv, primaryOf(["a/b,8"]), "{}\n").warnings).toEqual(stale.warnings);
    expect(apply(csv, primaryOf(["a/b,7"]), null)).toMatchObject({
      paths: ["db.json"],
      changes: [],
      warnings: ["db.json was missing; it is made anew from models.csv."],
    });
  });

  it.each([
    ["a byte order mark", `\ufeff${file("a/b,7")}`],
    ["a header without a column", "name,parameters_bn,tags\r\na/b,7,\r\n"],
    ["one row of two", file("a/b,7", "a/c,big")],
  ])("is made of the rows that the script takes where the script stops at %s", (_what, csv) => {
    const { warnings } = apply(csv, convert(csv).dbJson, "{}\n");
    expect(warnings).toContain(
      "db.json did not fit models.csv (the repository's script stops there); it is made of the rows that the script takes.",
    );
  });

  it("is repaired where the script only has something to say of a row", () => {
    const csv = file("a/b,7,,,,,,,,,surplus");
    expect(apply(csv, convert(csv).dbJson, "{}\n").warnings).toContain(
      "db.json did not fit models.csv (the repository's script had not been run); it is repaired.",
    );
  });

  it("that is right stays, and is not said to be repaired, where only models.csv was edited", () => {
    const right = "a/b,7,Words";
    const db = apply(file(right), primaryOf([right]), null).files.get("db.json") ?? null;
    const edited = apply(file("a/b,7,Edited by hand"), primaryOf([right]), db);
    expect(edited).toMatchObject({ paths: ["models.csv"] });
    expect(edited.warnings).toEqual([
      "db.json did not fit models.csv (the repository's script had not been run); it is right, and only models.csv is edited.",
    ]);
  });

  it("is told of two states as it stands in each, whatever its line ends", () => {
    const state = (db: string | null) =>
      new Map([
        ["models.csv", file("a/b,7,,,,,,,,")],
        ["db.json", db],
        ["defaults.json", DEFAULTS],
        ["generation_params.json", PARAMS],
      ]);
    const right = primaryOf(["a/b,7"]);
    const told = (before: string | null, after: string | null) =>
      createTextCodec().diff({ before: state(before), after: state(after) }).warnings;
    const crlf = right.replaceAll("\n", "\r\n");
    for (const db of [right, crlf]) expect(told(db, db)).toEqual([]);
    expect(told(null, right)).toEqual([]);
    expect(told("{}\n", crlf)).toEqual(["db.json did not fit models.csv; it is brought in line with it."]);
    const refused =
      "The repository's check will refuse db.json: it is not what convert.py makes of models.csv; run convert.py.";
    for (const db of ["{}\n", null]) expect(told(right, db)).toEqual([refused]);
  });

  it("keeps its CRLF", () => {
    const crlf = convert(file("a/b,7")).dbJson.replaceAll("\n", "\r\n");
    expect(apply(file("a/b,7"), primaryOf(["a/b,7"]), crlf).paths).toEqual([]);
    const changed = apply(file("a/b,7"), primaryOf(["a/b,8"]), crlf);
    expect(changed.files.get("db.json")).toBe(primaryOf(["a/b,8"]).replaceAll("\n", "\r\n"));
    expect(changed.warnings).toEqual([]);
  });
});

describe("what cannot be read is a fault", () => {
  const files = {
    "models.csv": file("a/b,7"),
    "db.json": "{}\n",
    "defaults.json": DEFAULTS,
    "generation_params.json": PARAMS,
  };

  it.each([
    [{ "defaults.json": null }, "legacy-malformed", "defaults.json is missing"],
    [{ "generation_params.json": "[]" }, "legacy-malformed", "generation_params.json is not a JSON object"],
    [{ "defaults.json": "{" }, "legacy-malformed", "defaults.json is not JSON"],
    [{ "models.csv": "<html>\n" }, "legacy-malformed", 'no column "name"'],
    [{}, "primary-malformed", "not an object of records"],
  ] as [Record<string, string | null>, string, string][])("%j", (changed, code, message) => {
    const input = { primary: '{"a/b": 1}', files: new Map(Object.entries({ ...files, ...changed })) };
    const error = caught(() => createTextCodec().apply(input));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    if (code === "primary-malformed") expect(error).toMatchObject({ cause: expect.any(Error) });
  });

  it("also where it is an entry that no model is read from", () => {
    const input = { primary: '{"koboldcpp/b": 1}', files: new Map(Object.entries(files)) };
    expect(caught(() => createTextCodec().apply(input))).toMatchObject({ code: "primary-malformed" });
  });
});

describe("db.json by its hash alone", () => {
  const rows = ["a/b,7", "c/d,8"];
  const csv = file(...rows);
  const { dbJson } = convert(csv);
  const sources = { "models.csv": csv, "defaults.json": DEFAULTS, "generation_params.json": PARAMS };
  const byHash = (primary: string, db: string) =>
    createTextCodec().apply({
      primary,
      files: new Map(Object.entries(sources)),
      shas: new Map([["db.json", blobShaOfText(db)]]),
    });

  it.each([
    ["nothing", primaryOf(rows)],
    ["an edit", primaryOf(["a/b,7", "c/d,9"])],
    ["a removal", primaryOf(["a/b,7"])],
    ["an addition", primaryOf([...rows, "e/f,1"])],
    ["a short name that another model takes over", primaryOf(["c/d,8", "a/b,7", "z/b,1"])],
  ])("says the same as its text does, for %s", (_what, primary) => {
    const { csv: _csv, paths: _paths, ...byText } = apply(csv, primary);
    expect(byHash(primary, dbJson)).toEqual(byText);
  });

  it.each([
    ["stale", dbJson.replace("7000000000", "6000000000")],
    ["with other line ends", dbJson.replaceAll("\n", "\r\n")],
    ["empty", ""],
  ])("asks for the text of one that is %s", (_what, db) => {
    expect(byHash(primaryOf(rows), db)).toMatchObject({ needs: ["db.json"] });
  });

  it("asks for it also when PRIMARY cannot be read, as the text may be what is wrong", () => {
    expect(byHash("{", "stale")).toMatchObject({ needs: ["db.json"] });
    expect(() => byHash("{", dbJson)).toThrow("not an object of records");
  });
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(SyncError);
    return error;
  }
}

function convertRecord(row: string): string {
  const [change] = apply(null, primaryOf([row])).changes;
  return change?.kind === "added" ? change.value : "";
}
