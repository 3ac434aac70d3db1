import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafChanges } from "../../src/files/leaf-changes.ts";

const LONG = "x".repeat(80);
const change = (before: unknown, after: unknown) => ({
  field: "config",
  before: JSON.stringify(before),
  after: JSON.stringify(after),
});

describe("a change of a nested value", () => {
  it("is told by the paths that changed, came or went", () => {
    const before = { keep: LONG, files: [{ path: "a", sum: "1" }], gone: 1 };
    const after = { keep: LONG, files: [{ path: "b", sum: "1" }], come: [1] };
    expect(leafChanges(change(before, after))).toEqual([
      { field: "config.files[0].path", before: '"a"', after: '"b"' },
      { field: "config.gone", before: "1", after: null },
      { field: "config.come", before: null, after: "[1]" },
    ]);
  });

  it("keeps the digits of numbers", () => {
    const text = (digits: string) => `{"keep":"${LONG}","size":${digits}}`;
    const [leaf] = leafChanges({ field: "f", before: text("12345678901234567890"), after: text("1e-05") });
    expect(leaf).toEqual({ field: "f.size", before: "12345678901234567890", after: "1e-05" });
  });

  it.each<[string, unknown, unknown]>([
    ["short", { a: 1 }, { a: 2 }],
    ["a list of another length", [LONG, 1], [LONG]],
    ["another kind", LONG, [LONG]],
    [
      "much",
      Object.fromEntries([..."abcdefgh"].map((name) => [name, `${LONG}1`])),
      Object.fromEntries([..."abcdefgh"].map((name) => [name, `${LONG}2`])),
    ],
  ])("is told whole where it is %s", (_what, before, after) => {
    const whole = change(before, after);
    expect(leafChanges(whole)).toEqual([whole]);
  });

  it("is told by its paths from 120 characters on", () => {
    const of = (count: number) =>
      leafChanges(change({ keep: "x".repeat(count), v: 1 }, { keep: "x".repeat(count), v: 2 }));
    const rest = JSON.stringify({ keep: "", v: 1 }).length;
    expect([of(59 - rest), of(60 - rest)].map(([first]) => first?.field)).toEqual(["config", "config.v"]);
  });

  it("that came or went is told whole", () => {
    expect(leafChanges({ field: "f", before: null, after: JSON.stringify([LONG, LONG]) })).toHaveLength(1);
  });

  it("is never lost", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
        const [before, after] = [
          { keep: LONG, one },
          { keep: LONG, one: other },
        ];
        const leaves = leafChanges(change(before, after));
        expect(leaves.length).toBeGreaterThan(0);
        expect(leaves.every((leaf) => leaf.before !== leaf.after)).toBe(JSON.stringify(one) !== JSON.stringify(other));
      }),
    );
  });
});
