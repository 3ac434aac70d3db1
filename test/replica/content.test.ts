import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/files/blob.ts";
import { createContent, restoreContent } from "../../src/replica/content/content.ts";
import { CONVERTER, type Converter } from "../../src/replica/convert/converter.ts";
import { createEdgeCache } from "../../src/replica/store/edge-cache.ts";
import { BLIP, TEXT_FILES } from "./world.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function toSource(category: "blip" | "text_generation", files: Readonly<Record<string, string | null>>) {
  const bytes = Object.entries(files).map(([path, text]) => [path, text === null ? null : encode(text)] as const);
  const shas = Object.fromEntries(bytes.map(([path, file]) => [path, file === null ? null : blobSha(file)]));
  return { category, shas, files: new Map(bytes) };
}

describe("the content of a category", () => {
  it("is the file itself for JSON, without a copy", () => {
    const source = toSource("blip", { "blip.json": BLIP });
    expect(createContent(source, CONVERTER).make("v1").payload.bytes).toBe(source.files.get("blip.json"));
  });

  it("has no byte order mark", () => {
    const content = createContent(toSource("blip", { "blip.json": `\ufeff${BLIP}` }), CONVERTER);
    expect(decode(content.make("v1").payload.bytes)).toBe(BLIP);
  });

  it("is converted and compressed on first use, and then kept", async () => {
    let conversions = 0;
    const converter: Converter = {
      ...CONVERTER,
      convertReference(category, files) {
        conversions++;
        return CONVERTER.convertReference(category, files);
      },
    };
    const content = createContent(toSource("text_generation", TEXT_FILES), converter);
    expect(conversions).toBe(0);
    expect(content.known("v2")).toBeNull();
    const { payload, records, leftOut } = content.make("v2");
    expect(JSON.parse(decode(payload.bytes))).toEqual(
      Object.fromEntries(Array.from(records(), ([name, record]) => [name, JSON.parse(record)])),
    );
    expect([content.issues("v2"), leftOut]).toEqual([[], 0]);
    expect(content.make("v2").payload).toBe(payload);
    expect(content.known("v2")?.payload).toBe(payload);
    expect(conversions).toBe(1);
    for (const form of ["v1", "v2", "v1-grouped"] as const) {
      const body = content.make(form).payload;
      const compressed = await body.gzip();
      expect(decode(gunzipSync(compressed))).toBe(decode(body.bytes));
      expect(await body.gzip()).toBe(compressed);
    }
  });

  it("that was read before reads nothing until it is asked for, and nothing at all of what it takes over", () => {
    let reads = 0;
    const converter: Converter = {
      ...CONVERTER,
      readLegacy(category, files) {
        reads++;
        return CONVERTER.readLegacy(category, files);
      },
      convertReference() {
        throw new Error("It was converted before.");
      },
    };
    const source = toSource("text_generation", TEXT_FILES);
    const before = createContent(source, CONVERTER);
    const content = restoreContent(source, before.records, converter);
    content.take("v2", before.make("v2"));
    expect([content.revision, content.records, content.isEmpty]).toEqual([before.revision, 3, false]);
    expect(content.known("v2")).toEqual(before.make("v2"));
    expect(reads).toBe(0);
    expect(content.make("v1").payload.bytes).toEqual(before.make("v1").payload.bytes);
    expect(reads).toBe(1);
  });

  it("is named by its blob, or by all of its blobs", () => {
    const one = toSource("blip", { "blip.json": BLIP });
    expect(createContent(one, CONVERTER).revision).toBe(one.shas["blip.json"]);
    const names = [
      TEXT_FILES,
      { ...TEXT_FILES, "generation_params.json": '{"top_p": 1}' },
      { ...TEXT_FILES, "models.csv": `${TEXT_FILES["models.csv"]}\r\n` },
      { ...TEXT_FILES, "models.csv": null },
    ].map((files) => createContent(toSource("text_generation", files), CONVERTER).revision);
    expect(new Set(names).size).toBe(names.length);
    const reordered = Object.fromEntries(Object.entries(TEXT_FILES).reverse());
    expect(createContent(toSource("text_generation", reordered), CONVERTER).revision).toBe(names[0]);
  });
});

describe("the edge cache over the Cache API", () => {
  it("keeps bytes under a URL that nobody outside can ask for, for as long as told", async () => {
    const kept = new Map<string, Response>();
    const cache = {
      match: async (url: string) => kept.get(url)?.clone(),
      put: async (url: string, response: Response) => void kept.set(url, response),
    };
    const edge = createEdgeCache(cache);
    expect(await edge.get("blob/1")).toBeNull();
    await edge.put("blob/1", encode(BLIP), 90);
    await edge.put("head/https%3A%2F%2Fapi/o/n?x#y", encode("{}"), 1);
    expect(decode((await edge.get("blob/1")) ?? encode(""))).toBe(BLIP);
    expect(decode((await edge.get("head/https%3A%2F%2Fapi/o/n?x#y")) ?? encode(""))).toBe("{}");
    expect(kept.size).toBe(2);
    for (const url of kept.keys()) expect(new URL(url).hostname).toMatch(/\.invalid$/);
    expect([...kept.values()].map(({ headers }) => headers.get("cache-control"))).toEqual([
      "public, max-age=90",
      "public, max-age=1",
    ]);
  });
});
