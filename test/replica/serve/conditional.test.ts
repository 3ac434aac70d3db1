import { describe, expect, it } from "vitest";
import { blobShaOfText } from "../../../src/files/blob.ts";
import { CONVERSION } from "../../../src/replica/convert/convert.ts";
import { referenceOf } from "../../fakes/replica.ts";
import { CLIP_V1, createReplicaApp, LONG_V1, LONG_V2, REFERENCES, V1, V2 } from "./replica-app.ts";

const SHA = blobShaOfText(LONG_V1);
const V1_TAG = `"${SHA}"`;
const V2_TAG = `"${SHA}-${CONVERSION}"`;
const OTHER = `"${"0".repeat(40)}"`;
const gzip = (tag: string) => tag.replace(/"$/, '-gzip"');

function neverConverted() {
  const fail = () => {
    throw new Error("Nobody needs it.");
  };
  return { blip: { ...referenceOf("blip", { v1: LONG_V1, v2: LONG_V2 }), body: fail } };
}

describe("a strong ETag names the content, its format, and how it is compressed", () => {
  it.each([
    ["v1", `${V1}/blip`, {}, V1_TAG],
    ["v1, compressed", `${V1}/blip`, { "accept-encoding": "gzip" }, gzip(V1_TAG)],
    ["v2", `${V2}/blip`, {}, V2_TAG],
    ["v2, compressed", `${V2}/blip`, { "accept-encoding": "gzip" }, gzip(V2_TAG)],
    ["a short body", `${V1}/clip`, { "accept-encoding": "gzip" }, `"${blobShaOfText(CLIP_V1)}"`],
    ["lora", `${V1}/lora`, {}, '"none"'],
  ])("%s", async (_label, path, headers, etag) => {
    const { ask } = createReplicaApp();
    for (const method of ["GET", "HEAD"]) expect((await ask(path, { method, headers })).headers.get("etag")).toBe(etag);
  });
});

describe("If-None-Match", () => {
  it.each([
    ["the tag", V1_TAG, V1_TAG],
    ["its weak form", `W/${V1_TAG}`, V1_TAG],
    ["the tag of the compressed form", gzip(V1_TAG), gzip(V1_TAG)],
    ["a weak tag of the compressed form", `W/${gzip(V1_TAG)}`, gzip(V1_TAG)],
    ["a list", `${OTHER}, W/${V1_TAG}`, V1_TAG],
    ["a list without spaces", `${OTHER},${V1_TAG},"x"`, V1_TAG],
    ["a tag with a comma in the list", `"a,b", ${V1_TAG}`, V1_TAG],
    ["anything", "*", V1_TAG],
    ["anything, with spaces", " * ", V1_TAG],
  ])("with %s is a 304 that has the validators and no body", async (_label, tags, etag) => {
    const { ask } = createReplicaApp({ references: neverConverted(), later: 7000 });
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await ask(`${V1}/blip`, { method, headers: { "if-none-match": tags } });
      expect(status).toBe(304);
      expect(headers.get("etag")).toBe(etag);
      expect(headers.get("vary")).toBe("Accept-Encoding");
      expect(headers.get("cache-control")).toMatch(/^public, max-age=60/);
      expect(headers.get("age")).toBe("7");
      expect(headers.get("x-reference-commit")).toMatch(/^[0-9a-f]{40}$/);
      expect([headers.get("content-encoding"), headers.get("content-type")]).toEqual([null, null]);
    }
  });

  it.each([
    ["other content", OTHER],
    ["the other format", V2_TAG],
    ["no quotes", SHA],
    ["half a tag", `"${SHA}`],
    ["a longer tag", `"${SHA}0"`],
    ["nothing", ""],
    ["a star among tags", `${OTHER}, *`],
    ["noise", `\t,,;"'"x`],
  ])("with %s is a 200", async (_label, tags) => {
    const { ask } = createReplicaApp();
    const answer = await ask(`${V1}/blip`, { headers: { "if-none-match": tags } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(LONG_V1);
  });

  it("does not convert what the client has already, in either form", async () => {
    const { ask } = createReplicaApp({ references: neverConverted() });
    for (const tag of [V2_TAG, gzip(V2_TAG), `W/${V2_TAG}`]) {
      for (const encoding of ["gzip", "identity"]) {
        const headers = { "if-none-match": tag, "accept-encoding": encoding };
        expect((await ask(`${V2}/blip`, { headers })).status).toBe(304);
      }
    }
    expect((await ask(`${V2}/blip`, { headers: { "if-none-match": V1_TAG } })).status).toBe(500);
  });

  it("another version of the conversion is other content", async () => {
    const { ask } = createReplicaApp();
    const headers = { "if-none-match": `"${SHA}-v2.0"` };
    expect((await ask(`${V2}/blip`, { headers })).status).toBe(200);
  });

  it.each(["esrgan", "nothing"])("never hides an error: %s", async (name) => {
    const { ask } = createReplicaApp();
    const { status } = await ask(`${V1}/${name}`, { headers: { "if-none-match": "*" } });
    expect(status).toBe(name === "esrgan" ? 404 : 422);
  });
});

describe("HEAD", () => {
  const PATHS = [
    ...["/heartbeat", "/replicate_mode", `${V1}/model_categories`, `${V2}/info`, `${V1}/metadata/metadata`],
    ...[`${V1}/blip`, `${V1}/clip`, `${V1}/lora`, `${V1}/esrgan`, `${V1}/nothing`, `${V1}/a/b`, `${V1}/gfpgan`],
    ...[`${V2}/blip`, `${V2}/clip`, `${V2}/nothing`, `${V2}/blip/model/BLIP`, `${V2}/blip/model/nothing`],
  ];

  it.each(PATHS)("of %s is its GET without the body", async (path) => {
    const { ask } = createReplicaApp({ references: REFERENCES });
    for (const encoding of ["gzip", "identity"]) {
      const headers = { "accept-encoding": encoding };
      const get = await ask(path, { headers });
      const head = await ask(path, { method: "HEAD", headers });
      const bytes = (await get.arrayBuffer()).byteLength;
      const { "content-length": length, ...rest } = Object.fromEntries(head.headers);
      expect(head.status).toBe(get.status);
      expect(rest).toEqual(Object.fromEntries(get.headers));
      expect(length ?? String(bytes)).toBe(String(bytes));
      if (get.headers.has("etag")) expect(length).toBe(String(bytes));
    }
  });
});
