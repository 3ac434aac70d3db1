import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffLimits, diffFile, formatDiffs } from "../../src/files/unified-diff.ts";

const WIDE: DiffLimits = { maxLines: 1000, maxEdits: 1000, maxCharacters: 100_000 };
const numbered = (count: number, mark = "") => Array.from({ length: count }, (_, line) => `${line}${mark}\n`).join("");

function patchOf(before: string | null, after: string, limits: Partial<DiffLimits> = {}): string {
  return formatDiffs([diffFile({ path: "clip.json", before, after }, { ...WIDE, ...limits })]);
}

describe("the diff of a file", () => {
  it.each<[string, string | null, string, string]>([
    ["one line", "a\nb\nc\n", "a\nB\nc\n", "--- a/clip.json\n+++ b/clip.json\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"],
    ["CRLF", "a\r\nb\r\n", "a\r\nB\r\n", "--- a/clip.json\n+++ b/clip.json\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"],
    [
      "no final newline",
      "a\nb",
      "a\nB",
      "--- a/clip.json\n+++ b/clip.json\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n\\ No newline at end of file\n",
    ],
    ["a new file", null, "a\nb\n", "--- /dev/null\n+++ b/clip.json\n@@ -0,0 +1,2 @@\n+a\n+b\n"],
    [
      "a new file without a final newline",
      null,
      "a",
      "--- /dev/null\n+++ b/clip.json\n@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n",
    ],
    ["nothing", "a\n", "a\n", ""],
    ["an empty new file", null, "", ""],
  ])("shows %s", (_what, before, after, expected) => {
    expect(patchOf(before, after)).toBe(expected);
  });

  it("stands behind the others' in one text, with nothing between", () => {
    const texts = { before: "a\n", after: "b\n" };
    const diffs = ["x", "y"].map((path) => diffFile({ path, ...texts }, WIDE));
    expect(formatDiffs(diffs)).toBe(diffs.map((diff) => formatDiffs([diff])).join(""));
    expect(formatDiffs(diffs).match(/^--- .*$/gm)).toEqual(["--- a/x", "--- a/y"]);
  });

  it("is a patch that leads from the old text to the new one", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "", "\t x", "é"), { maxLength: 30 }).map((l) => l.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = patchOf(before, after);
        expect(patch === "" ? before : applyPatch(before, patch)).toBe(after);
      }),
    );
  });
});

describe("a large diff", () => {
  it("is cut after so many lines, says so, and stays a valid patch", () => {
    const patch = patchOf(null, numbered(50), { maxLines: 10 });
    expect(patch).toMatch(/^# The first 10 of 50 lines of the diff of clip\.json\.\n--- /);
    expect(applyPatch("", patch)).toBe(numbered(10));
  });

  it("is cut between and within hunks", () => {
    const before = numbered(60);
    const after = before.replace("\n5\n", "\nfive\n").replace("\n40\n", "\nforty\n");
    const { patch, cut } = diffFile({ path: "x", before, after }, { ...WIDE, maxLines: 9 });
    expect(cut).toBe("The first 9 of 16 lines of the diff of x.");
    expect(patch.hunks.map(({ oldLines, newLines, lines }) => [oldLines, newLines, lines.length])).toEqual([
      [7, 7, 8],
      [1, 1, 1],
    ]);
  });

  it("is cut at the end of a hunk, or as large as it may be", () => {
    const before = numbered(60);
    const after = before.replace("\n5\n", "\nfive\n").replace("\n40\n", "\nforty\n");
    const cut = (limits: Partial<DiffLimits>) => diffFile({ path: "x", before, after }, { ...WIDE, ...limits });
    expect(cut({ maxLines: 8 }).patch.hunks).toHaveLength(1);
    expect(cut({ maxLines: 16 }).cut).toBeNull();
    const maxCharacters = before.length + after.length;
    expect([cut({ maxCharacters }).cut, cut({ maxCharacters: maxCharacters - 1 }).patch.hunks]).toEqual([null, []]);
  });

  it("is given up after so many edits, or for so large a file", () => {
    const files = { path: "x", before: numbered(30), after: numbered(30, "!") };
    expect(diffFile(files, { ...WIDE, maxEdits: 20 })).toMatchObject({
      cut: "More than 20 lines of x differ; they are not shown.",
      patch: { hunks: [] },
    });
    expect(diffFile(files, { ...WIDE, maxCharacters: 100 }).cut).toBe(
      "x is too large to be compared line by line here.",
    );
    expect(formatDiffs([diffFile(files, { ...WIDE, maxEdits: 20 })])).toMatch(/^# More than 20 lines[^\n]*\n$/);
  });
});
