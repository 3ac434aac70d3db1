import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createReplicaApp, LONG_V1, LONG_V2, V1, V2 } from "./replica-app.ts";

/** The decoded text, and whether it came compressed. */
async function decode(answer: Response): Promise<{ text: string; isGzip: boolean }> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const encoding = answer.headers.get("content-encoding");
  expect(["gzip", null]).toContain(encoding);
  return { text: new TextDecoder().decode(encoding === null ? bytes : gunzipSync(bytes)), isGzip: encoding !== null };
}

describe("a long body is compressed", () => {
  it.each([
    ["gzip", true],
    ["GZIP", true],
    ["gzip, deflate, br, zstd", true],
    ["br;q=1.0, gzip;q=0.5", true],
    ["br , gzip ; q=0.001", true],
    ["gzip;Q=0.5", true],
    ["*", true],
    ["identity;q=0, *", true],
    ["*;q=0.1", true],
    ["gzip;q=0, *", false],
    ["*;q=0, gzip", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000", false],
    ["*;q=0", false],
    ["identity", false],
    ["br", false],
    ["", false],
    ["gzipped", false],
    ["gzip;q=x", true],
    [",;=,q=1,;;", false],
  ])("for Accept-Encoding %j: %j", async (accepted, isGzip) => {
    const { ask } = createReplicaApp();
    for (const [path, text] of [
      [`${V1}/blip`, LONG_V1],
      [`${V2}/blip`, LONG_V2],
    ] as const) {
      const answer = await ask(path, { headers: { "accept-encoding": accepted } });
      expect(answer.headers.get("vary")).toBe("Accept-Encoding");
      expect(answer.headers.get("etag")?.endsWith('-gzip"')).toBe(isGzip);
      expect(await decode(answer)).toEqual({ text, isGzip });
    }
  });

  it("and not for a client that says nothing", async () => {
    const { ask } = createReplicaApp();
    expect(await decode(await ask(`${V1}/blip`))).toEqual({ text: LONG_V1, isGzip: false });
  });

  it("for what the client accepts, and not what Cloudflare asks for in its place", async () => {
    const { ask } = createReplicaApp();
    const cloudflare = { headers: { "accept-encoding": "br, gzip" } };
    expect((await decode(await ask(`${V1}/blip`, cloudflare, "identity"))).isGzip).toBe(false);
    expect((await decode(await ask(`${V1}/blip`, cloudflare, ""))).isGzip).toBe(false);
    expect((await decode(await ask(`${V1}/blip`, {}, "gzip"))).isGzip).toBe(true);
  });

  it("and the compressed bytes are fewer, and the same each time", async () => {
    const { ask } = createReplicaApp();
    const headers = { "accept-encoding": "gzip" };
    const first = new Uint8Array(await (await ask(`${V1}/blip`, { headers })).arrayBuffer());
    const second = new Uint8Array(await (await ask(`${V1}/blip`, { headers })).arrayBuffer());
    expect(first.byteLength).toBeLessThan(LONG_V1.length / 5);
    expect(second).toEqual(first);
  });
});

it.each([`${V1}/clip`, `${V2}/clip`, `${V2}/clip/model/ViT-L%2F14`, `${V1}/lora`])(
  "the short body of %s is plain, whatever is accepted",
  async (path) => {
    const { ask } = createReplicaApp();
    const { isGzip, text } = await decode(await ask(path, { headers: { "accept-encoding": "gzip" } }));
    expect(isGzip).toBe(false);
    JSON.parse(text);
  },
);

it("a long record is compressed too", async () => {
  const { ask } = createReplicaApp();
  const answer = await ask(`${V2}/blip/model/BLIP`, { headers: { "accept-encoding": "gzip" } });
  const { text, isGzip } = await decode(answer);
  expect(isGzip).toBe(true);
  expect(JSON.parse(text)).toEqual(JSON.parse(LONG_V2).BLIP);
});
