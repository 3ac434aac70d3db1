import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignLists, type Pairing } from "../../../src/files/json/align.ts";

const align = (old: string, wanted: string) => alignLists([...old], [...wanted]);

/** `a-a` for an element that stays or is changed, `+x` for one that is new. */
const told = (old: string, wanted: string) =>
  align(old, wanted).map(({ from, to }) => (from === null ? `+${wanted[to]}` : `${old[from]}-${wanted[to]}`));

describe("two lists", () => {
  it.each<[string, string, readonly string[]]>([
    ["abc", "axyc", ["a-a", "b-x", "+y", "c-c"]],
    ["abc", "abc", ["a-a", "b-b", "c-c"]],
    ["", "ab", ["+a", "+b"]],
    ["ab", "", []],
    ["aab", "ab", ["a-a", "b-b"]],
    ["abcd", "bdx", ["b-b", "d-d", "+x"]],
    ["abcdef", "xbcyef", ["a-x", "b-b", "c-c", "d-y", "e-e", "f-f"]],
    ["abab", "baba", ["b-b", "a-a", "b-b", "+a"]],
  ])("%s → %s: what is equal stays, and what is changed takes the place of an old one", (old, wanted, expected) => {
    expect(told(old, wanted)).toEqual(expected);
  });

  it("have their equal beginning and end kept, where they are too long for more", () => {
    const middle = (letter: string) => Array.from({ length: 600 }, (_, index) => `${letter}${index % 7}`);
    const old = ["head", ...middle("x"), "same", "tail 1", "tail 2"];
    const wanted = ["head", "new", "same", ...middle("y"), "tail 1", "tail 2"];
    const pairings = alignLists(old, wanted);
    const kept = pairings.filter(({ from, to }) => from !== null && old[from] === wanted[to]);
    expect(kept.map(({ to }) => wanted[to])).toEqual(["head", "tail 1", "tail 2"]);
    expect(pairings.map(({ to }) => to)).toEqual(wanted.map((_, index) => index));
  });

  /** How many elements any two lists can keep, the slow and plain way. */
  const longest = (old: string, wanted: string): number => {
    if (old === "" || wanted === "") return 0;
    const rest = longest(old.slice(1), wanted);
    const at = wanted.indexOf(old.charAt(0));
    return at < 0 ? rest : Math.max(rest, 1 + longest(old.slice(1), wanted.slice(at + 1)));
  };

  it("keep as many equal elements as can be, and never cross", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });
    fc.assert(
      fc.property(letters, letters, (old, wanted) => {
        const pairings = align(old, wanted);
        expect(pairings.map(({ to }) => to)).toEqual([...wanted].map((_, index) => index));
        const used = pairings.flatMap(({ from }) => from ?? []);
        expect(used).toEqual([...new Set(used)].sort((a, b) => a - b));
        const isKept = ({ from, to }: Pairing) => from !== null && old[from] === wanted[to];
        expect(pairings.filter(isKept).length).toBe(longest(old, wanted));
      }),
      { numRuns: 300 },
    );
  });
});
