import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { completePatch } from "../../src/files/complete-patch.ts";

const folder = mkdtempSync(join(tmpdir(), "complete-patch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const many = (count: number, end = "\n") => Array.from({ length: count }, (_, line) => `line ${line}${end}`).join("");

const CASES: readonly [string, string | null, string][] = [
  ["one line of three", "a\nb\nc\n", "a\nB\nc\n"],
  ["CRLF", "a\r\nb\r\n", "a\r\nB\r\n"],
  ["a lone carriage return", "a\rb\n", "a\rc\n"],
  ["a byte order mark", "\ufeffa\n", "\ufeffb\n"],
  ["no final newline, twice", "a\nb", "a\nB"],
  ["a final newline that comes", "a\nb", "a\nb\n"],
  ["a final newline that goes", "a\nb\n", "a\nb"],
  ["a new file", null, "a\nb\n"],
  ["a new file without a final newline", null, "a"],
  ["a new file that is empty", null, ""],
  ["from empty", "", "a\n"],
  ["from empty, without a final newline", "", "a"],
  ["to empty", "a\n", ""],
  ["to empty, without a final newline", "a", ""],
  ["too much to compare", many(2000), many(2000, "!\n")],
  ["too much between equal lines", `1\n2\n3\n4\n${many(2000)}5\n6`, `1\n2\n3\n4\n${many(2000, "!\n")}5\n6`],
  [
    "too much within many equal lines",
    many(50) + many(2000, "a\n") + many(50),
    many(50) + many(2000, "b\n") + many(50),
  ],
  ["too much before what there was once", "1\n", `1\n${many(3000)}1\n`],
  ["too much, and no final newline any more", many(2000), many(2000, "!\n").slice(0, -1)],
  ["too much that is new", "a\n", `a\n${many(3000)}`],
  ["too much that is gone", `${many(3000)}a\n`, "a\n"],
  ["too much from empty", "", many(3000)],
  ["too much to empty", many(3000), ""],
  ["lines that look like a patch", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "--- a/y\n+++ b/x\n@@ -1 +1 @@\n"],
];

describe("the patch of a file", () => {
  // One call for all of them: to start git takes longer than its work.
  const paths = CASES.map((_, index) => `file-${index}.json`);
  for (const [index, [, before]] of CASES.entries()) {
    if (before !== null) writeFileSync(join(folder, paths[index] ?? ""), before);
  }
  const patches = CASES.map(([, before, after], index) => completePatch({ path: paths[index] ?? "", before, after }));
  writeFileSync(join(folder, "changes.diff"), patches.join(""));
  execFileSync("git", ["init", "--quiet", folder]);
  execFileSync("git", ["-c", "core.autocrlf=false", "apply", "changes.diff"], { cwd: folder, stdio: "pipe" });

  it.each(CASES.map(([what, , after], index) => [what, paths[index] ?? "", after] as const))(
    "leads git to the new text: %s",
    (_what, path, after) => {
      expect(existsSync(join(folder, path))).toBe(true);
      expect(readFileSync(join(folder, path), "utf8")).toBe(after);
    },
  );

  it("is short where the change is", () => {
    const before = many(5000);
    const patch = completePatch({ path: "x", before, after: before.replace("line 2500\n", "line !\n") });
    expect(patch.split("\n").filter((line) => /^[-+ ]/.test(line))).toHaveLength(2 + 8);
  });

  it("is no longer than what differs and three lines around it, where that is too much to compare", () => {
    const around = (middle: string) => `${many(100)}${middle}${many(100)}`;
    const patch = completePatch({ path: "x", before: around(many(1500, " a\n")), after: around(many(1500, " b\n")) });
    const count = (sign: string) => patch.split("\n").filter((line) => line.startsWith(`${sign}line`)).length;
    expect(["-", "+", " "].map(count)).toEqual([1500, 1500, 6]);
  });

  it("names the two files, and no time of theirs", () => {
    const heads = [null, "a\n"].map((before) => completePatch({ path: "x", before, after: "b\n" }).split("\n@@")[0]);
    expect(heads).toEqual([
      "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x",
      "diff --git a/x b/x\n--- a/x\n+++ b/x",
    ]);
  });

  it("is empty when nothing changed", () => {
    expect(completePatch({ path: "x", before: "a", after: "a" })).toBe("");
  });
});
