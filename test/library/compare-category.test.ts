import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES, type CompareCategoryInput, compareCategory, pathsOf, SyncError } from "../../src/index.ts";
import { REFERENCE } from "../world/ground.ts";

const ESRGAN = '{\n\t"Old": {"name": "Old", "size": 3.0},\n\t"Same": {"name": "Same"}\n}\n';

function filesOf(category: (typeof CATEGORY_NAMES)[number]): Record<string, string | null> {
  const { writes, reads } = pathsOf(category);
  const folder = category === "text_generation" ? REFERENCE.text : REFERENCE.image;
  return Object.fromEntries([...writes, ...reads].map((path) => [path, asText(folder[path])]));
}

function asText(content: string | Uint8Array | undefined): string | null {
  return content instanceof Uint8Array
    ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(content)
    : (content ?? null);
}

function faultOf(input: unknown): unknown {
  try {
    // What callers without types may pass is what is tried here.
    return Reflect.apply(compareCategory, undefined, [input]);
  } catch (error) {
    return error;
  }
}

describe("compareCategory", () => {
  it("tells each change by its kind and name, and edits only what changed", () => {
    const { changes, files, warnings } = compareCategory({
      category: "esrgan",
      primary: '{"Same": {"name": "Same"}, "New": {"name": "New", "size": 1e-05}}',
      files: { "esrgan.json": ESRGAN },
    });
    expect(changes.map(({ kind, name }) => [kind, name])).toEqual([
      ["added", "New"],
      ["removed", "Old"],
    ]);
    const { "esrgan.json": text = "" } = files;
    expect(text).toContain('"Same": {"name": "Same"}');
    expect(text).toContain("1e-05");
    expect(text).not.toContain("Old");
    expect(warnings).toEqual([]);
  });

  it("tells a changed field with its old and its new value, spelled as in the source", () => {
    const primary = ESRGAN.replace("3.0", "3.50");
    const { changes } = compareCategory({ category: "esrgan", primary, files: { "esrgan.json": ESRGAN } });
    expect(changes).toMatchObject([
      { kind: "modified", name: "Old", fields: [{ field: "size", before: "3.0", after: "3.50" }] },
    ]);
  });

  it("takes a Map as well as an object", () => {
    const input = { category: "esrgan", primary: '{"New": {"name": "New"}}' } as const;
    expect(compareCategory({ ...input, files: new Map([["esrgan.json", ESRGAN]]) })).toEqual(
      compareCategory({ ...input, files: { "esrgan.json": ESRGAN } }),
    );
  });

  it("looks at no file but the category's, so that a whole folder may be given", () => {
    const input = { category: "esrgan", primary: '{"New": {"name": "New"}}' } as const;
    const folder = { "esrgan.json": ESRGAN, "clip.json": "broken", "README.md": null };
    expect(compareCategory({ ...input, files: folder })).toEqual(
      compareCategory({ ...input, files: { "esrgan.json": ESRGAN } }),
    );
  });

  it("creates a file that is not there", () => {
    const { files } = compareCategory({
      category: "clip",
      primary: '{"A": {"name": "A"}}',
      files: { "clip.json": null },
    });
    expect(files).toEqual({ "clip.json": '{\n    "A": {\n        "name": "A"\n    }\n}\n' });
  });

  it.each(CATEGORY_NAMES)("finds nothing more to do in %s once its texts are in place", (category) => {
    const files = filesOf(category);
    const body = REFERENCE.primary[category] ?? "{}";
    const primary =
      category === "text_generation"
        ? body.replace(/"description": ?"/, '"description": "Changed. ')
        : body.replace(/^\{(\s*\})?/, (_, end = ",") => `{"A new one": {"name": "A new one", "size": 3.0}${end}`);
    const first = compareCategory({ category, primary, files });
    const second = compareCategory({ category, primary, files: { ...files, ...first.files } });
    expect(first.changes.length).toBeGreaterThan(0);
    expect(Object.keys(first.files).length).toBeGreaterThan(0);
    expect(second).toMatchObject({ changes: [], files: {} });
  });

  const valid: CompareCategoryInput = { category: "esrgan", primary: "{}", files: { "esrgan.json": ESRGAN } };
  it.each([
    [
      "an unknown category",
      { ...valid, category: "esrgam" },
      "bad-request",
      "Valid categories: image_generation, blip",
    ],
    ["a category without files", { ...valid, category: "lora" }, "bad-request", "has no legacy file"],
    [
      "a missing text",
      { ...valid, files: {} },
      "bad-request",
      "files has no text for esrgan.json. The files of esrgan",
    ],
    ["a text that is none", { ...valid, files: { "esrgan.json": 1 } }, "bad-request", "or null where there is none"],
    [
      "a misspelt path",
      { ...valid, files: { "../esrgan.json": "" } },
      "bad-request",
      "files has no text for esrgan.json",
    ],
    ["no files", { ...valid, files: undefined }, "bad-request", "files is missing"],
    ["an answer that is parsed", { ...valid, primary: {} }, "bad-request", "primary must be the text"],
    ["an answer that is a list", { ...valid, primary: "[]" }, "primary-malformed", "PRIMARY's answer for esrgan.json"],
    [
      "a broken file",
      { ...valid, files: { "esrgan.json": "{" } },
      "legacy-malformed",
      "esrgan.json is not a JSON object",
    ],
  ])("refuses %s, and says what is valid", (_label, input, code, message) => {
    const fault = faultOf(input);
    expect(fault).toBeInstanceOf(SyncError);
    expect(fault).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe("pathsOf", () => {
  it("names what a sync writes and what it reads", () => {
    expect(pathsOf("text_generation")).toEqual({
      writes: ["models.csv", "db.json"],
      reads: ["defaults.json", "generation_params.json"],
    });
  });
});
