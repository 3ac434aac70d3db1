import { describe, expect, it } from "vitest";
import { irregularKind, isSameEntry, pick, type Tree, toShas } from "../../src/files/git-tree.ts";

const entry = (mode: string, sha = "s") => ({ mode, sha });

it.each<[string, string | null]>([
  ["100644", null],
  ["100755", null],
  ["100664", null],
  ["120000", "a symbolic link"],
  ["160000", "a submodule"],
  ["040000", "a folder"],
  ["1006440", "an entry of mode 1006440"],
  ["2100644", "an entry of mode 2100644"],
  ["100abc", "an entry of mode 100abc"],
])("mode %s is a file, or is told by its kind", (mode, kind) => {
  expect(irregularKind(entry(mode))).toBe(kind);
});

describe("entries", () => {
  const tree: Tree = new Map([
    ["a.json", entry("100644", "1")],
    ["run", entry("100755", "2")],
    ["link", entry("120000", "3")],
  ]);

  it("that are files have a SHA to compare", () => {
    expect(toShas(tree)).toEqual(
      new Map([
        ["a.json", "1"],
        ["run", "2"],
      ]),
    );
  });

  it("are picked by path, where there are any", () => {
    expect(pick(tree, ["run", "none"])).toEqual(new Map([["run", entry("100755", "2")]]));
  });

  it.each<[string, ReturnType<typeof entry> | undefined, ReturnType<typeof entry> | undefined, boolean]>([
    ["the same", entry("100644"), entry("100644"), true],
    ["another content", entry("100644"), entry("100644", "t"), false],
    ["another mode", entry("100644"), entry("100755"), false],
    ["none on both sides", undefined, undefined, true],
    ["none on one side", entry("100644"), undefined, false],
    ["none on the other", undefined, entry("100644"), false],
  ])("are the same by content and mode: %s", (_what, one, other, isSame) => {
    expect(isSameEntry(one, other)).toBe(isSame);
  });
});
