import { describe, expect, it } from "vitest";
import { renderReport } from "../../src/present/text/report-text.ts";
import { report, repositoryReport } from "../fakes/report.ts";

const long = (first: string) => JSON.stringify(`${first} ${"and a long description of it ".repeat(8)}`);
const CATEGORY = {
  added: ["New"],
  removed: ["Old"],
  modified: [
    {
      name: "Changed",
      fields: ["version", "nsfw", "description", "tags", "style"],
      changes: [
        { field: "version", before: '"1.0"', after: '"2.0"' },
        { field: "nsfw", before: null, after: "true" },
        { field: "description", before: long("before"), after: long("after") },
      ],
    },
  ],
  warnings: ["It is laid out otherwise."],
};
const REPORT = report({
  dryRun: true,
  outcome: "planned",
  repositories: [repositoryReport({ outcome: "planned", categories: { clip: CATEGORY } })],
});

describe("a report with values", () => {
  it("tells what each field said and says, where they differ, and what it leaves out", () => {
    const lines = renderReport(REPORT, { hasValues: true }).split("\n");
    const from = lines.findIndex((line) => line.startsWith("  clip:"));
    expect(lines.slice(from + 1)).toEqual([
      "    + New",
      "    - Old",
      "    ~ Changed",
      '        version: "1.0" → "2.0"',
      "        nsfw: (none) → true",
      "        description:",
      '          - "before and a long description of it and a long description of …',
      '          + "after and a long description of it and a long description of i…',
      "        also tags, style",
      "    warning: It is laid out otherwise.",
      "",
    ]);
  });

  it("stays within 80 columns, and shows a value's controls as text", () => {
    const changes = [{ field: "f".repeat(90), before: `"${"x".repeat(200)}"`, after: '"\u001b[31m\u202e"' }];
    const modified = [{ name: "N".repeat(90), fields: ["f"], changes }];
    const text = renderReport(
      report({
        repositories: [repositoryReport({ categories: { clip: { ...CATEGORY, modified } } })],
      }),
      { hasValues: true },
    );
    expect(text.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    for (const control of ["\u001b", "\u202e"]) expect(text).not.toContain(control);
  });

  it("shows fifty records and not ten", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `Model ${index}`);
    const of = (added: string[], hasValues: boolean) => {
      const category = { ...CATEGORY, added, removed: [], modified: [] };
      return renderReport(report({ repositories: [repositoryReport({ categories: { clip: category } })] }), {
        hasValues,
      });
    };
    expect(of(names(52), true)).toMatch(/\+ Model 49\n {4}and 2 more\n/);
    expect(of(names(12), false)).toMatch(/\+ Model 9\n {4}and 2 more\n/);
  });
});

it("a report without them names the fields", () => {
  expect(renderReport(REPORT)).toContain("    ~ Changed (version, nsfw, description, tags, style)\n");
});

it("warnings stand behind the changes, five of a category", () => {
  const warnings = Array.from({ length: 8 }, (_, index) => `Warning ${index}.`);
  const categories = { clip: { ...CATEGORY, warnings } };
  const text = renderReport(report({ repositories: [repositoryReport({ categories })] }));
  const lines = text.split("\n").filter((line) => line.startsWith("    "));
  expect(lines.slice(2)).toEqual([
    "    ~ Changed (version, nsfw, description, tags, style)",
    ...[0, 1, 2, 3, 4].map((index) => `    warning: Warning ${index}.`),
    "    and 3 more warnings",
  ]);
});
