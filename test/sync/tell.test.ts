import { expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import { tellRepository } from "../../src/sync/tell.ts";
import { drifting, field, modified } from "../fakes/drift.ts";

it("cuts long values around what differs, so that a report never shows two as the same", () => {
  const clip = CATEGORIES.filter(({ name }) => name === "clip");
  const long = "x".repeat(500);
  const { categories } = tellRepository({
    repository: "o/image",
    branch: "main",
    judged: clip.map((category) => ({ category, standing: { kind: "on-branch" }, digest: null })),
    delta: [drifting({ changes: [modified("M", [field("url", `"${long}1"`, `"${long}2"`), field("v", null, long)])] })],
    outcome: "created",
    pull: null,
    commit: null,
    isShown: false,
  });
  const x = "x".repeat(30);
  expect(categories.clip?.modified[0]?.changes).toEqual([
    { field: "url", before: `…${x}1"`, after: `…${x}2"` },
    { field: "v", before: null, after: `${"x".repeat(119)}…` },
  ]);
});
