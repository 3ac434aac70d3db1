import { describe, expect, it } from "vitest";
import { PRIMARY_CATEGORIES } from "../../../src/categories.ts";
import { hasLegacyFile, isManagedElsewhere } from "../../../src/replica/serve/target.ts";
import { REPLICA_COMMIT, referenceOf } from "../../fakes/replica.ts";
import { CLIP_V1, CLIP_V2, createReplicaApp, V1, V2 } from "./replica-app.ts";

const ALL = Object.fromEntries(
  PRIMARY_CATEGORIES.filter(hasLegacyFile).map((name) => [
    name,
    referenceOf(name, { v1: `{"${name} 1": {}}\n`, v2: `{"${name} 2":{}}` }),
  ]),
);
const HOSTILE = [
  "nothing",
  "CLIP",
  "O'Brien",
  '"quoted"',
  "<script>alert(1)</script>",
  "ünïcödé \u{1f600}",
  "a".repeat(10_000),
  "__proto__",
  "constructor",
  "%zz",
  "..\\..",
  "line\nbreak",
  "\ud800".toWellFormed(),
];

describe("every category", () => {
  it.each(PRIMARY_CATEGORIES)(
    "%s has its v1 and v2 answer, with and without /api and a trailing slash",
    async (name) => {
      const { read } = createReplicaApp({ references: ALL });
      for (const path of [`${V1}/${name}`, `/api${V1}/${name}`, `${V1}/${name}/`, `${V1}/${name}.json`]) {
        const missing = { detail: `Model category '${name}' not found or is empty` };
        const there = isManagedElsewhere(name) ? {} : { [`${name} 1`]: {} };
        const isThere = hasLegacyFile(name) || isManagedElsewhere(name);
        expect(await read(path), path).toEqual(isThere ? { status: 200, body: there } : { status: 404, body: missing });
      }
      for (const path of [`${V2}/${name}`, `/api${V2}/${name}`, `${V2}/${name}/`, `/v2/${name}`]) {
        const body = hasLegacyFile(name) ? { [`${name} 2`]: {} } : {};
        expect(await read(path), path).toEqual({ status: 200, body });
      }
    },
  );

  it("is sent byte for byte, as JSON, with the commit it comes from", async () => {
    const { ask } = createReplicaApp();
    const v1 = await ask(`${V1}/clip`);
    expect(await v1.text()).toBe(CLIP_V1);
    const v2 = await ask(`${V2}/clip`);
    expect(await v2.text()).toBe(CLIP_V2);
    for (const { headers } of [v1, v2]) {
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("x-reference-commit")).toBe(REPLICA_COMMIT);
    }
  });

  it("that has no record is a 404, and is not converted", async () => {
    const { read } = createReplicaApp();
    const empty = referenceOf("esrgan");
    expect(empty.isEmpty).toBe(true);
    expect(await read(`${V1}/esrgan`)).toEqual({
      status: 404,
      body: { detail: "Model category 'esrgan' not found or is empty" },
    });
    expect(await read(`${V2}/esrgan`)).toEqual({ status: 404, body: { detail: "Model category 'esrgan' not found" } });
  });

  it.each([
    ["stable_diffusion", "image_generation"],
    ["stable_diffusion.json", "image_generation"],
    ["db.json", "text_generation"],
  ])("%s is an alias in v1 and unknown in v2", async (alias, category) => {
    const { read } = createReplicaApp({ references: ALL });
    expect(await read(`${V1}/${alias}`)).toEqual({ status: 200, body: { [`${category} 1`]: {} } });
    expect((await read(`${V2}/${alias}`)).status).toBe(422);
  });

  it("is read once for each request, and the ones without a file never", async () => {
    const { ask, replica } = createReplicaApp();
    for (const path of [`${V1}/clip`, `${V2}/clip`, `${V1}/lora`, `${V2}/ti`, `${V1}/video_generation`, `${V1}/x`])
      await ask(path);
    const clip = { category: "clip", refresh: false };
    expect(replica.reads).toEqual([clip, clip]);
  });
});

describe("an unknown category", () => {
  it.each(HOSTILE.map((name) => [name.slice(0, 30), name]))(
    "%j is a 422 that says what is valid",
    async (_label, name) => {
      const { read, replica } = createReplicaApp();
      const path = name === "%zz" ? name : encodeURIComponent(name);
      const v1 = await read(`${V1}/${path}`);
      expect(v1.status).toBe(422);
      const shown = name.slice(0, 80);
      const start = `Invalid model category: '${shown}'. '${shown}' is not a valid MODEL_REFERENCE_CATEGORY`;
      expect(v1.body.detail.startsWith(start)).toBe(true);
      expect(v1.body.detail).toContain("Valid: blip, clip,");
      expect(v1.body.detail.length).toBeLessThan(600);
      const v2 = await read(`${V2}/${path}`);
      expect(v2.status).toBe(422);
      const expected = `'blip', 'clip', 'codeformer', 'controlnet', 'controlnet_annotator', 'esrgan', 'gfpgan', 'safety_checker', 'image_generation', 'text_generation', 'video_generation', 'audio_generation', 'miscellaneous', 'lora' or 'ti'`;
      const loc = ["path", "model_category_name"];
      const problem = {
        type: "enum",
        loc,
        msg: `Input should be ${expected}`,
        input: name.slice(0, 200),
        ctx: { expected },
      };
      expect(v2.body).toEqual({ detail: [problem] });
      expect(replica.reads).toEqual([]);
    },
  );

  it.each(["..", "%2e%2e", "."])("a path with %s is what the URL standard makes of it", async (dots) => {
    const { ask } = createReplicaApp();
    expect((await ask(`${V1}/nothing/${dots}/clip`)).status).toBe(dots === "." ? 404 : 200);
  });
});

describe("the server's own routes", () => {
  it.each([
    ["/heartbeat", { status: "ok" }],
    ["/replicate_mode", { replicate_mode: "REPLICA", canonical_format: "legacy", writable: false }],
    [`${V1}/model_categories`, PRIMARY_CATEGORIES],
    [`${V2}/model_categories`, PRIMARY_CATEGORIES.filter((name) => name !== "lora" && name !== "ti")],
    [`${V1}/info`, { message: expect.stringContaining("legacy format") }],
    [`${V2}/info`, { message: expect.stringContaining("v2 format") }],
  ])("%s", async (path, body) => {
    const { read } = createReplicaApp({ isUsable: false });
    for (const form of [path, `/api${path}`, `${path}/`]) expect(await read(form), form).toEqual({ status: 200, body });
  });

  it.each(["v1", "v2"])("%s metadata is a 503, as from every replica", async (version) => {
    const { read } = createReplicaApp();
    for (const rest of ["last_updated", "metadata", "clip", "clip/last_updated"]) {
      const { status, body } = await read(`/model_references/${version}/metadata/${rest}`);
      expect({ rest, status, body }).toEqual({
        rest,
        status: 503,
        body: { detail: "Metadata tracking is not supported in REPLICA mode" },
      });
    }
  });

  it.each(["", "/", "/v1", "/v1/", "/v3/clip", "/statistics/clip", "/v1/clip/add", "/v2/clip/model/"])(
    "there is nothing at /model_references%s",
    async (rest) => {
      const { read } = createReplicaApp();
      expect(await read(`/model_references${rest}`)).toEqual({ status: 404, body: { detail: "Not Found" } });
    },
  );
});
