import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import { blobSha } from "../../src/files/blob.ts";
import { createSources } from "../../src/sync/sources.ts";

const text = CATEGORIES.filter(({ role }) => role === "text");
const encode = (content: string) => new TextEncoder().encode(content);

function setUp(files: Readonly<Record<string, string | Uint8Array>>, known: Readonly<Record<string, string>> = {}) {
  const shas = new Map<string, string>();
  const tree = new Map<string, { mode: string; sha: string }>();
  const blobs = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? encode(content) : content;
    shas.set(path, blobSha(bytes));
    tree.set(path, { mode: "100644", sha: blobSha(bytes) });
    blobs.set(blobSha(bytes), bytes);
  }
  const asked: string[] = [];
  const readBlob = async (sha: string) => {
    asked.push(sha);
    return blobs.get(sha) ?? new Uint8Array();
  };
  const sources = createSources({ categories: text, known, readBlob });
  const readAll = () => Promise.all([...shas.values()].map((sha) => sources.blob(sha)));
  return { shas, tree, asked, sources, readAll };
}

describe("files that are only read", () => {
  const FILES = { "defaults.json": '{"style": "\u00e9"}', "generation_params.json": "{}", "models.csv": "name\r\n" };

  it("are remembered by their SHA, and others are not", async () => {
    const { shas, tree, sources, readAll } = setUp(FILES);
    await readAll();
    expect(sources.texts(tree)).toEqual({
      [shas.get("defaults.json") ?? ""]: FILES["defaults.json"],
      [shas.get("generation_params.json") ?? ""]: "{}",
    });
  });

  it("are not asked for again, and stay remembered", async () => {
    const first = setUp(FILES);
    await first.readAll();
    const known = first.sources.texts(first.tree);
    const { shas, tree, asked, sources, readAll } = setUp(FILES, known);
    expect((await readAll()).map((bytes) => new TextDecoder().decode(bytes))).toEqual(Object.values(FILES));
    expect(asked).toEqual([shas.get("models.csv")]);
    expect(sources.texts(tree)).toEqual(known);
  });

  it.each<[string, string | Uint8Array]>([
    ["too large", `{"x": "${"x".repeat(5000)}"}`],
    ["not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
  ])("are not remembered when they are %s", async (_what, content) => {
    const { tree, sources, readAll } = setUp({ "defaults.json": content });
    await readAll();
    expect(sources.texts(tree)).toEqual({});
  });

  it("keep a byte order mark", async () => {
    const { tree, sources, readAll } = setUp({ "defaults.json": "\ufeff{}" });
    await readAll();
    expect(Object.values(sources.texts(tree))).toEqual(["\ufeff{}"]);
  });

  it("are not remembered when they were not met, or are missing", () => {
    const { tree, sources } = setUp({ "defaults.json": "{}" });
    expect(sources.texts(tree)).toEqual({});
    expect(sources.texts(new Map())).toEqual({});
  });
});
