import { describe, expect, it } from "vitest";
import { type CategoryState, countChanges, fingerprintOf, isDrifting, toCategoryReport } from "../../src/sync/drift.ts";
import { added, drifting, field, inSync, modified, removed } from "../fakes/drift.ts";

const files = (path: string) => new Map([[path, "{}\n"]]);

describe("what drifts", () => {
  it.each<[string, CategoryState, boolean, number]>([
    ["a change", drifting(), true, 1],
    ["three changes", drifting({ changes: [added("a"), removed("b"), modified("c")] }), true, 3],
    ["a file to repair", drifting({ changes: [] }), true, 1],
    ["nothing", inSync(), false, 0],
    ["what is held", drifting({ held: "Too much." }), false, 0],
    ["changes that a format cannot express", drifting({ files: new Map() }), false, 0],
  ])("%s", (_what, state, isDrift, changes) => {
    expect([isDrifting(state), countChanges([state, inSync()])]).toEqual([isDrift, changes]);
  });
});

describe("the fingerprint", () => {
  const a = added("a", '{"x": 1, "y": [1.0]}');
  const base = [drifting({ changes: [a, removed("b")] })];

  it.each<[string, CategoryState[]]>([
    ["in another order", [drifting({ changes: [removed("b"), a] })]],
    ["with other white space and key order", [drifting({ changes: [added("a", '{"y":[1.0],"x":1}'), removed("b")] })]],
    ["with another spelling of a number", [drifting({ changes: [added("a", '{"x": 1.0, "y": [1]}'), removed("b")] })]],
    ["with other bytes of the file", [drifting({ changes: [a, removed("b")], files: files("other.json") })]],
    [
      "beside what is held or in sync",
      [...base, drifting({ category: "blip", held: "x" }), inSync({ category: "gfpgan" })],
    ],
    ["with other warnings", [drifting({ changes: [a, removed("b")], warnings: ["Careful."] })]],
  ])("is the same %s", async (_what, states) => {
    expect(await fingerprintOf(states)).toBe(await fingerprintOf(base));
  });

  it.each<[string, CategoryState[]]>([
    ["of another value", [drifting({ changes: [added("a", '{"x": 2, "y": [1.0]}'), removed("b")] })]],
    ["of another name", [drifting({ changes: [added("A", '{"x": 1, "y": [1.0]}'), removed("b")] })]],
    ["of another kind", [drifting({ changes: [modified("a", [field("x")], '{"x": 1, "y": [1.0]}'), removed("b")] })]],
    ["of another category", [drifting({ category: "blip", changes: [a, removed("b")] })]],
    ["of one change less", [drifting({ changes: [a] })]],
    ["of two categories", [...base, drifting({ category: "blip", changes: [a] })]],
    ["of a repair", [drifting({ changes: [] })]],
    ["of nothing", []],
    ["of names that run together", [drifting({ changes: [added('a"]\n["b', '{"x": 1, "y": [1.0]}')] })]],
  ])("is another one %s", async (_what, states) => {
    const fingerprint = await fingerprintOf(states);
    expect(fingerprint).not.toBe(await fingerprintOf(base));
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not ask what GitHub holds", async () => {
    const was = (before: string) => [drifting({ changes: [modified("a", [field("x", before, "3")], '{"x":3}')] })];
    expect(await fingerprintOf(was("1"))).toBe(await fingerprintOf(was("2")));
  });

  it("tells two repaired files apart", async () => {
    const repaired = (path: string) => [drifting({ changes: [], files: files(path) })];
    expect(await fingerprintOf(repaired("a"))).not.toBe(await fingerprintOf(repaired("b")));
  });
});

describe("the report of a category", () => {
  it("lists names by kind, and the fields of a modified one", () => {
    const changes = [removed("r"), added("a1"), modified("m", [field("x"), field("y", null, '"secret"')]), added("a2")];
    expect(toCategoryReport(drifting({ changes, warnings: ["w"] }))).toMatchObject({
      added: ["a1", "a2"],
      removed: ["r"],
      modified: [{ name: "m", fields: ["x", "y"] }],
      warnings: ["w"],
    });
  });

  it("says why it is held", () => {
    expect(toCategoryReport(drifting({ held: "Too much." }))).toMatchObject({ held: "Too much.", added: ["Model"] });
  });
});
