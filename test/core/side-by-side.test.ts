import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toTwoLines } from "../../src/core/side-by-side.ts";
import { hostileText } from "../fakes/hostile-text.ts";

const LONG = "abcdefghij".repeat(20);

describe("two texts side by side", () => {
  it.each<[string, string, string, readonly [string, string]]>([
    ["are whole where both fit", "true", "false", ["true", "false"]],
    [
      "are cut behind an early difference",
      `1${LONG}`,
      `2${LONG}`,
      [`1${LONG.slice(0, 38)}…`, `2${LONG.slice(0, 38)}…`],
    ],
    ["are cut before a difference at the end", `${LONG}1`, `${LONG}2`, ["…abcdefghij1", "…abcdefghij2"]],
    ["are cut where one only goes on", LONG, `${LONG}!`, ["…abcdefghij", "…abcdefghij!"]],
    [
      "are cut around a difference in the middle",
      `${LONG}1${LONG}`,
      `${LONG}2${LONG}`,
      [`…abcdefghij1${LONG.slice(0, 27)}…`, `…abcdefghij2${LONG.slice(0, 27)}…`],
    ],
    [
      "keep a character of two units whole",
      `${LONG}\u{1f600}`,
      `${LONG}\u{1f601}`,
      ["…abcdefghij\u{1f600}", "…abcdefghij\u{1f601}"],
    ],
    ["show what cannot be seen", `${LONG}a\u200b`, `${LONG}a\u200c`, ["…bcdefghija\\u200b", "…bcdefghija\\u200c"]],
  ])("%s", (_what, before, after, expected) => {
    expect(toTwoLines(before, after, 40)).toEqual(expected);
  });

  it("always differ where the texts do, and are never too long", () => {
    const part = fc.oneof(hostileText, fc.string({ unit: "binary", maxLength: 300 }));
    const pair = fc.tuple(part, part, part, part).map(([start, one, other, end]) => {
      return [JSON.stringify(start + one + end), JSON.stringify(start + other + end)] as const;
    });
    fc.assert(
      fc.property(pair, fc.integer({ min: 40, max: 200 }), ([before, after], limit) => {
        const shown = toTwoLines(before, after, limit);
        for (const line of shown) {
          expect([...line].length).toBeLessThanOrEqual(limit);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        }
        expect(shown[0] === shown[1]).toBe(before === after);
      }),
      { numRuns: 1000 },
    );
  });
});
