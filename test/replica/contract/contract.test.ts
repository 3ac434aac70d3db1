/**
 * The replica against what is known of the real server, one read after the other: the next difference fails here.
 */
import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES, PRIMARY_CATEGORIES } from "../../../src/categories.ts";
import { RECORD_TYPES } from "../../../src/replica/search/fields.ts";
import { HEADER } from "../../fakes/model-table.ts";
import { REPLICA_COMMIT, referenceOf } from "../../fakes/replica.ts";
import { convertFile } from "../convert/convert-file.ts";
import { createReplicaApp } from "../serve/replica-app.ts";
import {
  CANONICAL_FORMATS,
  CATEGORIES,
  CLIENT_CALLS,
  type Fact,
  KEYS,
  READS,
  REPLICATE_MODES,
  WRITES,
} from "./real-server.ts";

const record = (name: string) => ({
  name,
  type: "ckpt",
  baseline: "infer",
  description: "d",
  version: "1",
  nsfw: false,
});
const HASHED = {
  ...record("hashed"),
  style: "anime",
  size_on_disk_bytes: 1,
  inpainting: true,
  optimization: "o",
  tags: ["t"],
  showcases: ["https://h"],
  min_bridge_version: 1,
  trigger: ["t"],
  homepage: "https://h",
  requirements: { a: 1 },
  config: {
    files: [{ path: "m.ckpt", sha256sum: "a", file_type: "vae", content_hash: "c" }],
    download: [{ file_name: "m.ckpt", file_url: "https://h" }],
    embedded_component_hashes: { vae: "v" },
  },
};
const v2 = (category: (typeof CATEGORY_NAMES)[number], text: string) =>
  `{${Array.from(convertFile(category, text).records, ([name, body]) => `${JSON.stringify(name)}:${body}`).join(",")}}`;
const CLIP = JSON.stringify(
  Object.fromEntries(
    ["ViT-L-14", "org/model"].map((name) => [name, { ...record(name), type: "clip", pretrained_name: "p" }]),
  ),
);
const IMAGE = JSON.stringify({ hashed: HASHED });
const CONTROLNET = JSON.stringify({ c: { ...HASHED, name: "c", type: "control_canny" } });
const CSV = `${HEADER}\r\norg/M-7B,7,n,u,b,d,s,t,f,"{""top_k"": 1}"\r\n`;
const LEGACY = '{"a": {}}';
const references = {
  ...Object.fromEntries(CATEGORY_NAMES.map((name) => [name, referenceOf(name, { v1: LEGACY, v2: v2("blip", "{}") })])),
  clip: referenceOf("clip", { v1: CLIP, v2: v2("clip", CLIP) }),
  controlnet: referenceOf("controlnet", { v1: CONTROLNET, v2: v2("controlnet", CONTROLNET) }),
  esrgan: referenceOf("esrgan"),
  image_generation: referenceOf("image_generation", { v1: IMAGE, v2: v2("image_generation", IMAGE) }),
  text_generation: referenceOf("text_generation", { v1: LEGACY, v2: v2("text_generation", CSV) }),
};
const createWorld = () => createReplicaApp({ references, state: { lastUpdated: 1795219334 } });

const expected = ({ status, body, keys, ours }: Fact) => ({
  status: ours?.status ?? status,
  body: ours === undefined ? body : ours.body,
  keys: ours?.body === undefined ? keys : undefined,
});

describe("what can be read", () => {
  it.each(READS)("GET $ask", async (fact) => {
    const { read } = createWorld();
    const wanted = expected(fact);
    const isOnlyBelow = fact.ask === "/" || fact.ask === "/nothing";
    for (const path of [`/api${fact.ask}`, ...(isOnlyBelow ? [] : [fact.ask])]) {
      const { status, body } = await read(path);
      expect(status, JSON.stringify(body)).toBe(wanted.status);
      if (wanted.body !== undefined) expect(body).toEqual(wanted.body);
      if (wanted.keys !== undefined) expect(Object.keys(body)).toEqual(wanted.keys);
      if (status >= 400) expect(Object.keys(body)).toEqual(["detail"]);
    }
  });

  it("says why, wherever it differs", () => {
    const differing = READS.filter(({ ours }) => ours !== undefined);
    for (const { ask, ours } of differing) expect(ours?.why.length, ask).toBeGreaterThan(20);
    expect(READS.length - differing.length).toBeGreaterThan(differing.length);
  });

  it.each(WRITES)("$method $ask is not for a replica", async ({ method, ask }) => {
    const { ask: send, replica } = createWorld();
    const answer = await send(ask, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    expect(await answer.json()).toEqual({ detail: "Method Not Allowed" });
    expect(replica.reads).toEqual([]);
  });
});

describe("names and orders", () => {
  it("the categories are the real server's, in its order", () => {
    expect(PRIMARY_CATEGORIES).toEqual(CATEGORIES);
  });

  it("the mode is one that clients can read", async () => {
    const { body } = await createWorld().read("/replicate_mode");
    expect(REPLICATE_MODES).toContain(body.replicate_mode);
    expect(CANONICAL_FORMATS).toContain(body.canonical_format);
  });

  it.each([
    ["image_generation", IMAGE, [...KEYS.GenericModelRecord, ...KEYS.ImageGenerationModelRecord]],
    ["clip", CLIP, [...KEYS.GenericModelRecord, ...KEYS.ClipModelRecord]],
    ["controlnet", CONTROLNET, [...KEYS.GenericModelRecord, ...KEYS.ControlNetModelRecord]],
    ["text_generation", CSV, [...KEYS.GenericModelRecord, ...KEYS.TextGenerationModelRecord]],
  ] as const)("records of %s have their fields in the real server's order", (category, text, order) => {
    const records = Array.from(convertFile(category, text).records.values(), (body) => JSON.parse(body));
    expect(records.length).toBeGreaterThan(0);
    for (const one of records) {
      const keys = Object.keys(one);
      expect(keys).toEqual(order.filter((key) => keys.includes(key)));
      const config = Object.keys(one.config ?? {});
      expect(config).toEqual(KEYS.GenericModelRecordConfig.filter((key) => config.includes(key)));
      for (const download of one.config?.download ?? [])
        expect(Object.keys(download)).toEqual(KEYS.DownloadRecord.filter((key) => key in download));
    }
  });

  it("searches know the same fields, where `parameters` is called `parameters_count`", () => {
    const renamed = KEYS.TextGenerationModelRecord.map((key) => (key === "parameters" ? "parameters_count" : key));
    expect(RECORD_TYPES.text_generation.fields).toEqual([...KEYS.GenericModelRecord, ...renamed]);
    expect(RECORD_TYPES.image_generation.fields).toEqual([
      ...KEYS.GenericModelRecord,
      ...KEYS.ImageGenerationModelRecord,
    ]);
  });
});

describe("the real client's calls", () => {
  it("asks the mode, and can read it", async () => {
    const { status, body } = await createWorld().read(CLIENT_CALLS.mode);
    expect([status, Object.keys(body)]).toEqual([200, KEYS.BackendInfo]);
  });

  it.each(CLIENT_CALLS.v2.filter((path) => !path.endsWith("/esrgan")))(
    "%s is data, so that it is not asked again at once",
    async (path) => {
      const { status, body } = await createWorld().read(path);
      expect(status).toBe(200);
      expect(body).toBeTypeOf("object");
      for (const [name, one] of Object.entries<{ name: string }>(body)) expect(one.name).toBe(name);
    },
  );

  it.each(CLIENT_CALLS.v1)("%s is a JSON object, or a 404 that says that there is none", async (path) => {
    const { ask } = createWorld();
    const answer = await ask(path);
    expect([200, 404]).toContain(answer.status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    if (answer.headers.has("x-reference-commit")) expect(answer.headers.get("x-reference-commit")).toBe(REPLICA_COMMIT);
  });
});

describe("include_group", () => {
  it.each([
    ["text_generation?include_group=true", true],
    ["text_generation?include_group=1", true],
    ["text_generation?include_group=false", false],
    ["text_generation", false],
    ["db.json?include_group=true", false],
    ["text_generation.json?include_group=true", false],
    ["clip?include_group=true", false],
  ])("/v1/%s: %s", async (path, isGrouped) => {
    const { ask } = createWorld();
    const plain = await ask(`/model_references/v1/${path.replace(/\?.*/, "")}`);
    const answer = await ask(`/model_references/v1/${path}`);
    expect(Object.keys(JSON.parse(await answer.text())).includes("grouped")).toBe(isGrouped);
    expect(answer.headers.get("etag") !== plain.headers.get("etag")).toBe(isGrouped);
  });

  it("that is no boolean is a 422 in the real server's words", async () => {
    const { read } = createWorld();
    expect(await read("/model_references/v1/text_generation?include_group=maybe")).toEqual({
      status: 422,
      body: {
        detail: [
          {
            type: "bool_parsing",
            loc: ["query", "include_group"],
            msg: "Input should be a valid boolean, unable to interpret input",
            input: "maybe",
          },
        ],
      },
    });
  });
});
