import { describe, expect, it } from "vitest";
import { countChanges, type Delta, describeCounts, fingerprintOf, goneNames } from "../../src/sync/delta.ts";
import { added, drifting, field, modified, removed, renamed } from "../fakes/drift.ts";

const repaired = (files: readonly string[], rest = {}) => drifting({ changes: [], files, ...rest });

describe("the fingerprint", () => {
  it.each<[string, Delta, Delta]>([
    [
      "where the order is another",
      [drifting({ changes: [added("a"), removed("b")] }), drifting({ category: "blip" })],
      [drifting({ category: "blip" }), drifting({ changes: [removed("b"), added("a")] })],
    ],
    [
      "of a value spelled otherwise",
      [drifting({ changes: [added("a", '{"v":1.0,"w":2}')] })],
      [drifting({ changes: [added("a", '{"w":2,"v":1}')] })],
    ],
    [
      "whatever GitHub holds, and in which files",
      [drifting({ changes: [modified("a", [field("x")], '{"v":1}')], files: ["a.json"], warnings: ["w"] })],
      [
        drifting({
          changes: [{ kind: "modified", name: "a", before: '{"v":7}', value: '{"v":1}', fields: [] }],
          files: ["b.json"],
        }),
      ],
    ],
    [
      "of a renamed record and of one that went and one that came",
      [drifting({ changes: [renamed("a", "b", [], '{"v":1}')] })],
      [drifting({ changes: [removed("a"), added("b", '{"v":1}')] })],
    ],
  ])("is the same %s", (_what, one, other) => {
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  it("is another for every other meaning", () => {
    const deltas: readonly Delta[] = [
      [],
      [drifting({ changes: [added("a")] })],
      [drifting({ changes: [added("b")] })],
      [drifting({ changes: [added("a", '{"v":1}')] })],
      [drifting({ changes: [removed("a")] })],
      [drifting({ changes: [modified("a")] })],
      [drifting({ changes: [modified("a", [], '{"v":1}')] })],
      [drifting({ changes: [renamed("a", "b")] })],
      [drifting({ changes: [added("a")], category: "blip" })],
      [drifting({ changes: [added("a"), added("b")] })],
      [repaired(["a.json"])],
      [repaired(["b.json"])],
      [repaired(["a.json", "b.json"])],
      [repaired(["a.json"], { category: "blip" })],
      [drifting({ changes: [removed("a.json")] })],
    ];
    expect(new Set(deltas.map(fingerprintOf)).size).toBe(deltas.length);
  });

  it("stays what earlier versions wrote, so that what was rejected stays so", () => {
    expect(
      fingerprintOf([drifting({ changes: [added("a"), removed("b")] }), repaired(["x"], { category: "blip" })]),
    ).toBe("33d437d23ff658e90602e1ada4759985b1a9b48c25324b902250248dfcb1d0cd");
  });
});

describe("the changes", () => {
  const changes = [renamed("a", "b"), modified("c"), removed("d"), added("e"), removed("f")];

  it("are counted by kind", () => {
    expect(describeCounts(changes)).toBe("1 added, 2 removed, 1 modified, 1 renamed");
    expect(describeCounts([modified("c")])).toBe("1 modified");
    expect(describeCounts([])).toBe("");
  });

  it("are counted together, a repaired file as one", () => {
    expect(countChanges([])).toBe(0);
    expect(countChanges([drifting({ changes }), repaired(["a", "b"])])).toBe(6);
  });

  it("take names away where a record goes or gets another one", () => {
    expect(goneNames(changes)).toEqual(["a", "d", "f"]);
  });
});
