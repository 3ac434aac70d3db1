import { describe, expect, it } from "vitest";
import { CATEGORIES, CATEGORY_NAMES, selectCategories } from "../src/categories.ts";

describe("the table of categories", () => {
  it("is that of the two repositories", () => {
    const files = CATEGORIES.map(({ name, role, codec }) => [name, role, ...codec.writes]);
    const small = ["blip", "clip", "codeformer", "controlnet", "esrgan", "gfpgan", "safety_checker", "miscellaneous"];
    expect(files).toEqual([
      ["image_generation", "image", "stable_diffusion.json"],
      ...small.map((name) => [name, "image", `${name}.json`]),
      ["text_generation", "text", "models.csv", "db.json"],
    ]);
  });

  it("has no file twice", () => {
    const paths = CATEGORIES.flatMap(({ role, codec }) =>
      [...codec.writes, ...codec.reads].map((path) => `${role}/${path}`),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe("selecting", () => {
  it("gives the table's order, once each", () => {
    expect(selectCategories(["text_generation", "clip", "clip", "blip"])).toEqual(["blip", "clip", "text_generation"]);
    expect(selectCategories(CATEGORY_NAMES)).toEqual(CATEGORY_NAMES);
  });

  it.each([
    ["nothing", [], "No category was given."],
    ["an unknown name", ["clip", "clop"], '"clop" is not a category.'],
    ["a name that objects have anyway", ["constructor"], '"constructor" is not a category.'],
    ["another case", ["Clip"], '"Clip" is not a category.'],
    ["a category without a legacy file", ["ti"], '"ti" has no legacy file and is never synced.'],
    ["a long name", ["x".repeat(500)], `"${"x".repeat(80)}" is not a category.`],
  ])("of %s says what is valid", (_what, names, problem) => {
    expect(selectCategories(names)).toEqual({ problem: `${problem} Valid categories: ${CATEGORY_NAMES.join(", ")}.` });
  });
});
