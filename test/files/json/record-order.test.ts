import { describe, expect, it } from "vitest";
import { followMembers, orderMembers } from "../../../src/files/json/member-order.ts";
import { findMovedRecords, findStrays } from "../../../src/files/json/record-order.ts";

const named = (names: string) => [...names].map((name) => ({ name }));
const wanted = (names: string) => new Map([...names].map((name) => [name, { name: name.toUpperCase() }]));

describe("records that PRIMARY created anew", () => {
  it.each<[string, string, string]>([
    ["abcde", "acdeXb", ""],
    ["abcde", "acdXb", "b"],
    ["abcde", "acdeb", ""],
    ["abcde", "acdebX", ""],
    ["abcde", "abcdeX", ""],
    ["abcdef", "cdefXYab", ""],
    ["abcdef", "cdefXYZab", "ab"],
    ["abcdef", "cdXYbZW", "b"],
    ["abcdef", "bacdefXY", ""],
    ["", "X", ""],
    ["abc", "", ""],
  ])("%s → %s moves %j", (current, after, moved) => {
    expect([...findMovedRecords([...current], [...after])].join("")).toBe(moved);
  });
});

describe("renamed records that stand elsewhere than PRIMARY has them", () => {
  it.each<[string, string, string, string]>([
    ["aRb", "aRb", "R", ""],
    ["aRb", "abR", "R", "R"],
    ["aRb", "Rab", "R", "R"],
    ["Rab", "Rab", "R", ""],
    ["Rab", "abR", "R", "R"],
    ["abR", "abR", "R", ""],
    ["abR", "aRb", "R", "R"],
    ["aRb", "aRXb", "R", ""],
    ["aRSb", "abRS", "RS", "RS"],
    ["aRSb", "aSRb", "RS", ""],
    ["aRb", "aXRb", "R", ""],
    ["Rab", "aXRb", "R", "R"],
    ["R", "R", "R", ""],
  ])("%s against %s: of %j these: %j", (old, after, renamed, strays) => {
    expect([...findStrays(named(old), [...after], new Set(renamed))].join("")).toBe(strays);
  });
});

describe("the order of members", () => {
  const told = (entries: ReturnType<typeof orderMembers<{ name: string }, { name: string }>>) =>
    entries.map((entry) =>
      entry.from === null ? `+${entry.target.name}` : `${entry.from}${entry.member.name}${entry.counts ? "" : "-"}`,
    );

  it.each<[string, string, string, string, readonly string[]]>([
    ["abc", "aXb", "", "", ["0a", "+X", "1b"]],
    ["ba", "aXYb", "", "", ["0b", "1a", "+X", "+Y"]],
    ["ab", "Xab", "", "", ["+X", "0a", "1b"]],
    ["aba", "aXb", "", "", ["0a-", "1b", "2a", "+X"]],
    ["abc", "acXb", "b", "", ["0a", "2c", "+X", "1b"]],
    ["aRb", "abRX", "", "R", ["0a", "1R", "2b", "+X"]],
  ])("of %s for %s, with %j moved and %j astray", (old, after, moved, stray, expected) => {
    const input = { old: named(old), wanted: wanted(after), moved: new Set(moved), stray: new Set(stray) };
    expect(told(orderMembers(input))).toEqual(expected);
  });

  it("may be the wanted one, each once", () => {
    expect(told(followMembers({ old: named("bab"), wanted: wanted("aXb") }))).toEqual(["1a", "+X", "2b"]);
  });
});
