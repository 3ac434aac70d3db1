/**
 * What a reporter may get wrong in a case is told in a sentence that names the place.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Files, readCase, readFolder } from "./case-folder.ts";
import { settleExpected } from "./expected.ts";
import { playCase } from "./play.ts";
import { toExpected } from "./told.ts";

const BEFORE = '{\n    "a": {\n        "v": 1\n    }\n}\n';
const AFTER = '{"a": {"v": 2}}';
/** A case that is well. */
const WELL: Files = { "case.json": '{"about": "A change."}', "primary/clip.json": AFTER, "image/clip.json": BEFORE };

/** Over `WELL`; `null`: not there. */
type Changes = Readonly<Record<string, string | null>>;
const CLOSED = '{"pull": "closed"}';
const TICK = '{"trigger": "tick"}';

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cases-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function make(changes: Changes = {}): string {
  const folder = join(root, "a-case");
  for (const [path, text] of Object.entries({ ...WELL, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const play = async (folder: string) => playCase(readCase(folder));

describe("a case that cannot be meant", () => {
  it.each<[string, Changes, RegExp]>([
    [
      "a folder that is misspelt",
      { "primry/clip.json": AFTER },
      /^primry in the case a-case is read by nobody; valid: case/,
    ],
    ["a category that is misspelt", { "primary/clpi.json": AFTER }, /^clpi\.json in primary\/ of .* valid: image_gen/],
    [
      "a file that is misspelt",
      { "image/clpi.json": BEFORE },
      /^clpi\.json in image\/ of the case a-case .* clip\.json/,
    ],
    [
      "a file of the other repository",
      { "text/clip.json": BEFORE },
      /^clip\.json in text\/ .* generation_params\.json/,
    ],
    ["no category", { "primary/clip.json": null }, /^The case a-case is about no category: primary\/ holds/],
    ["no case.json", { "case.json": null }, /^There is no case\.json in the case a-case; the least is {"about"/],
    ["a case.json that is none", { "case.json": "{about}" }, /^case\.json of the case a-case cannot be read: .*JSON/],
    [
      "a key that is misspelt",
      { "case.json": '{"about": "", "isForcd": true}' },
      /Unrecognized key: "isForcd"[\s\S]*isForced/,
    ],
    ["nothing it is about", { "case.json": "{}" }, /case\.json of the case a-case is not valid:[\s\S]*at about/],
    ["a category that is none", { "case.json": '{"about": "", "down": ["clpi"]}' }, /"clip"[\s\S]*at down\[0\]/],
    ["two answers", { "case.json": '{"about": "", "down": ["clip"]}' }, /^clip stands twice in the case a-case: /],
    [
      "a pull request at first",
      { "image.pull.md": "# A\n\nB\n" },
      /^image\.pull\.md in the case a-case is read by nobody/,
    ],
    ["a step left out", { "then-2/case.json": "{}" }, /^The case a-case has then-2; they are counted from then-1/],
    ["a step with another name", { "then-two/case.json": "{}" }, /^The case a-case has then-two; they are counted/],
    [
      "a folder of a step",
      { "then-1/expected/report.json": "" },
      /^expected in then-1 of the case a-case is read by nobo/,
    ],
    [
      "a file of a step",
      { "then-1/image/clpi.json": "" },
      /^clpi\.json in image\/ of then-1 of the case a-case is read/,
    ],
    [
      "a deed nobody can do",
      { "then-1/case.json": '{"pull": "marged"}' },
      /"merged"\|"closed"\|"reopened"[\s\S]*at pull/,
    ],
    [
      "words in another form",
      { "then-1/image.pull.md": "Words" },
      /^image\.pull\.md of then-1 .* is not a pull request: "# "/,
    ],
    ["a text that is not UTF-8", {}, /clip\.json is not UTF-8\.$/],
  ])("has %s", (label, changes, message) => {
    const folder = make(changes);
    if (label.endsWith("UTF-8")) writeFileSync(join(folder, "image/clip.json"), Uint8Array.of(0xff, 0xfe));
    expect(() => readCase(folder)).toThrow(message);
  });

  it.each<[string, Files, RegExp]>([
    [
      "merges where both sides changed",
      { "then-1/case.json": '{"pull": "merged"}', "then-1/image/clip.json": "{}" },
      /^No/,
    ],
    ["closes what is closed", { "then-1/case.json": CLOSED, "then-2/case.json": CLOSED }, /closed in then-2 of the c/],
    ["reopens what is open", { "then-1/case.json": '{"pull": "reopened"}' }, /reopened in then-1 .* was not closed/],
    ["writes into none", { "then-1/text.pull.md": "# A\n\nB\n" }, /^text\.pull\.md of then-1 .* none is open there\.$/],
  ])("%s", async (_label, changes, message) => {
    await expect(play(make(changes))).rejects.toThrow(message);
  });

  it("has a setting that is misspelt, of which it is warned", async () => {
    const folder = make({ "case.json": '{"about": "", "settings": {"MAX_REMOVAL_PERCENTT": "5"}}' });
    const [first] = await play(folder);
    expect(first?.config.warnings.join()).toMatch(/MAX_REMOVAL_PERCENTT/);
  });
});

describe("the runs of a case", () => {
  const outcomes = async (changes: Changes) =>
    (await play(make(changes))).map(({ result }) => result?.report.repositories[0]?.outcome ?? "no run");

  it.each<[string, Changes, readonly string[]]>([
    ["a second run", { "then-1/case.json": "{}" }, ["created", "current"]],
    ["a tick without news", { "then-1/case.json": TICK }, ["created", "no run"]],
    [
      "a tick after an edit of PRIMARY",
      { "then-1/case.json": TICK, "then-1/primary/clip.json": '{"a": {"v": 3}}' },
      ["created", "updated"],
    ],
    [
      "a tick after an outage",
      {
        "case.json": '{"about": "", "down": ["clip"]}',
        "primary/clip.json": null,
        "then-1/case.json": TICK,
        "then-1/primary/clip.json": AFTER,
      },
      ["failed", "created"],
    ],
    [
      "reopened",
      { "then-1/case.json": CLOSED, "then-2/case.json": '{"pull": "reopened", "trigger": "tick"}' },
      ["created", "rejected", "current"],
    ],
    ["pushed to the branch", { "then-1/case.json": TICK, "then-1/image@branch/note": "Mine." }, ["created", "edited"]],
    [
      "another setting",
      { "then-1/case.json": '{"settings": {"DRY_RUN": "true"}}', "then-1/primary/clip.json": '{"a": {"v": 3}}' },
      ["created", "planned"],
    ],
  ])("%s", async (_label, changes, expected) => {
    expect(await outcomes(changes)).toEqual(expected);
  });
});

describe("expectations", () => {
  const settle = (folder: string, made: Files, update: "all" | "new" | "none", isNew: boolean) =>
    settleExpected({ folder, made, update, isNew: () => isNew });
  const held = (folder: string) => readFolder(join(folder, "expected"));

  it("of a new case are written, and of one that was committed only with -u", () => {
    const folder = make();
    const made = { "report.json": "{}\n", "then-1/image/clip.json": "1" };
    expect(settle(folder, made, "new", false).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^expected\/report\.json of the case a-case is missing\. `npx vitest run .* -u` writes/),
      expect.stringMatching(/^expected\/then-1\/image\/clip\.json of the case a-case is missing\./),
    ]);
    expect(settle(folder, made, "none", true)).toHaveLength(2);
    expect(held(folder)).toEqual({});
    expect(settle(folder, made, "new", true)).toEqual([]);
    expect(held(folder)).toEqual(made);
    expect(settle(folder, { "report.json": "[]\n" }, "all", false)).toEqual([]);
    expect(held(folder)).toEqual({ "report.json": "[]\n" });
  });

  it("that differ are named with both texts, line ends too, and are not written over", () => {
    const folder = make({ "expected/image/clip.json": "1\r\n", "expected/image.pull.md": "# A\n" });
    expect(settle(folder, { "image/clip.json": "1\n" }, "new", true)).toEqual([
      { message: "expected/image/clip.json of the case a-case differs", expected: "1\r\n", made: "1\n" },
      {
        message: "expected/image.pull.md of the case a-case is made by nothing any more. Delete it.",
        expected: "# A\n",
        made: null,
      },
    ]);
    expect(readFileSync(join(folder, "expected/image/clip.json"), "utf8")).toBe("1\r\n");
  });

  it("of a later run are what is other than before", async () => {
    const played = await play(make({ "then-1/case.json": '{"trigger": "tick"}' }));
    expect(Object.keys(toExpected(played))).toEqual([
      "report.json",
      "image/clip.json",
      "image.pull.md",
      "then-1/report.json",
    ]);
  });
});
