import { describe, expect, it } from "vitest";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { createTextCodec } from "../../src/files/text-codec.ts";
import { filesKey, fromTreeRecord, rememberSame, toTreeRecord } from "../../src/sync/memory.ts";

describe("what was found to mean the same", () => {
  const pair = { stamp: 1, primary: "p", key: "a" };

  it.each([
    ["nothing known: the pair", undefined, pair, ["a"]],
    ["another file of the same body: both", { stamp: 1, primary: "p", files: ["b"] }, pair, ["b", "a"]],
    ["the same again: once, and newest", { stamp: 1, primary: "p", files: ["a", "b"] }, pair, ["b", "a"]],
    ["another body: the old one is forgotten", { stamp: 1, primary: "q", files: ["b"] }, pair, ["a"]],
    ["many files: the newest three", { stamp: 1, primary: "p", files: ["b", "c", "d"] }, pair, ["c", "d", "a"]],
  ])("%s", (_what, known, added, files) => {
    expect(rememberSame(known, added)).toEqual({ stamp: 1, primary: "p", files });
  });

  it("takes the newest stamp", () => {
    expect(rememberSame({ stamp: 1, primary: "p", files: [] }, { ...pair, stamp: 9 }).stamp).toBe(9);
  });
});

describe("the key of a category's files", () => {
  it("tells every file that the codec reads, and a missing one from a present one", () => {
    const all = new Map(
      ["models.csv", "db.json", "defaults.json", "generation_params.json"].map((path, n) => [path, `${n}`]),
    );
    expect(filesKey(createTextCodec(), all)).toBe("0 1 2 3");
    all.delete("db.json");
    expect(filesKey(createTextCodec(), all)).toBe("0 - 2 3");
    expect(filesKey(createJsonCodec("clip.json"), all)).toBe("-");
  });
});

describe("a tree as a record", () => {
  const tree = new Map([
    ["a", { mode: "100644", sha: "1" }],
    ["b", { mode: "120000", sha: "2" }],
  ]);

  it("keeps modes, and comes back as it was", () => {
    expect(toTreeRecord(tree)).toEqual({ a: "100644 1", b: "120000 2" });
    expect(fromTreeRecord(toTreeRecord(tree))).toEqual(tree);
  });

  it("of an earlier version, which had no modes, is unknown", () => {
    expect(fromTreeRecord({ a: "1" })).toBeNull();
  });
});
