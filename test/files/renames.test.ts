import { describe, expect, it } from "vitest";
import { diffRecords } from "../../src/files/json/record-diff.ts";
import { ANY_RECORDS } from "../../src/files/json/record-rules.ts";
import { findRenames, type Sayings } from "../../src/files/renames.ts";

/** Each with a value of twenty characters. */
const saying = (what: string | number) => `place=${String(what).padEnd(20, ".")}`;
const record = (name: string, ...says: readonly (string | number)[]): Sayings => ({
  name,
  says: new Set(says.map(saying)),
});
const found = (gone: readonly Sayings[], come: readonly Sayings[]) => [...findRenames(gone, come)].sort();

describe("a record that came continues one that went", () => {
  it.each<[string, readonly (string | number)[], readonly (string | number)[], boolean]>([
    ["says all the same", ["a"], ["a"], true],
    ["says half the same", ["a", "b"], ["a", "c"], true],
    ["says less than half the same", ["a", "b"], ["a", "c", "d"], false],
    ["says nothing the same", ["a"], ["b"], false],
    ["says nothing", [], [], false],
  ])("where it %s", (_what, gone, come, isSame) => {
    expect(found([record("old", ...gone)], [record("new", ...come)])).toEqual(isSame ? [["new", "old"]] : []);
  });

  it.each<[string, string, boolean]>([
    ["sixteen characters", `place=${"x".repeat(16)}`, true],
    ["fifteen", `place=${"x".repeat(15)}`, false],
    ["a long place and a short value", `${"p".repeat(40)}=x`, false],
    ["a value with a sign like the one before it", `place=x=${"x".repeat(14)}`, true],
  ])("where both say enough: %s", (_what, says, isSame) => {
    const one = (name: string) => ({ name, says: new Set([says]) });
    expect(found([one("old")], [one("new")])).toEqual(isSame ? [["new", "old"]] : []);
  });

  it("and of several the one that is most like it, then the first by name", () => {
    const gone = [record("less", "a", "b", "c"), record("most", "a", "b", "d"), record("other", "a", "b", "d")];
    expect(found(gone, [record("new", "a", "b", "d")])).toEqual([["new", "most"]]);
    expect(found(gone.toReversed(), [record("new", "a", "b", "d")])).toEqual([["new", "most"]]);
    expect(found([record("old", "a")], [record("n2", "a"), record("n1", "a")])).toEqual([["n1", "old"]]);
    expect(found([record("old", "a", "b")], [record("n1", "a", "c"), record("n2", "a", "b")])).toEqual([["n2", "old"]]);
    expect(found(gone, [record("new", "a", "b", "d"), record("newer", "a", "b", "d")])).toEqual([
      ["new", "most"],
      ["newer", "other"],
    ]);
  });

  it("is not known by what more than eight of those that went say", () => {
    const gone = (count: number) => Array.from({ length: count }, (_, index) => record(`g${index}`, "all", index));
    const come = [record("new", "all", 0)];
    expect(found(gone(8), [record("new", "all")])).toEqual([["new", "g0"]]);
    expect(found(gone(9), [record("new", "all")])).toEqual([]);
    expect(found(gone(9), come)).toEqual([["new", "g0"]]);
    expect(found(gone(40), come)).toEqual([["new", "g0"]]);
  });

  it("is looked for among the four that share most with it, and so the one that says little else", () => {
    const much = (index: number) => record(`much${index}`, "a", "b", ..."cdefgh".split("").map((x) => `${x}${index}`));
    const little = record("a-little", "a");
    const come = [record("new", "a", "b")];
    expect(found([much(0), much(1), much(2), little], come)).toEqual([["new", "a-little"]]);
    expect(found([much(0), much(1), much(2), much(3), little], come)).toEqual([]);
  });
});

describe("what a record says", () => {
  const renamed = (before: unknown, after: unknown) => [
    ...diffRecords(JSON.stringify({ A: before }), JSON.stringify({ B: after }), ANY_RECORDS).renamed,
  ];
  const LONG = "x".repeat(40);

  it.each<[string, unknown, unknown, boolean]>([
    ["is its values, wherever they stand", { a: { b: [LONG] } }, { a: { b: [LONG] } }, true],
    ["is not the same in another field", { a: LONG }, { b: LONG }, false],
    ["is in a list, whatever its place there", { a: [1, LONG] }, { a: [LONG, 2] }, true],
    ["is not its name", { name: LONG }, { name: LONG }, false],
    ["is a name further inside", { a: { name: LONG } }, { a: { name: LONG } }, true],
    ["is not the name of a field, whatever stands in it", { [`x=${LONG}`]: 1 }, { [`x=${LONG}`]: 1 }, false],
    ["is nothing where it is no object", LONG, LONG, false],
  ])("%s", (_what, before, after, isSame) => {
    expect(renamed(before, after)).toEqual(isSame ? [["B", "A"]] : []);
  });
});
