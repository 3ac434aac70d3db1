/**
 * The replica in real workerd: a client that changes its base URL and nothing else.
 */
import { describe, expect, test } from "vitest";
import { CATEGORY_NAMES, type CategoryName } from "../../src/categories.ts";
import { once } from "../../src/core/once.ts";
import { createPrimaryClient } from "../../src/primary/client.ts";
import { describeReplicas, type ReplicaWorld, V1, V2 } from "./replica-world.ts";

const createWorld = describeReplicas();
/** Nothing of the walk changes anything. */
const sharedWorld = once(() => createWorld());
const GZIP = { "accept-encoding": "gzip" };

/** The text of the file that PRIMARY's answer has in the repository. */
function legacyText(world: ReplicaWorld, category: CategoryName): string {
  const names: Partial<Record<CategoryName, string>> = { image_generation: "stable_diffusion", text_generation: "db" };
  return world.files[`${names[category] ?? category}.json`] ?? "";
}

const countRecords = (text: string) => Object.keys(JSON.parse(text)).length;

async function read(world: ReplicaWorld, path: string, init: RequestInit = {}) {
  const answer = await world.fetch(path, init);
  expect(answer.headers.get("access-control-allow-origin"), path).toBe("*");
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe("a client's walk", () => {
  test("every category in both formats: text, records, validators, compression, HEAD", async () => {
    const world = await sharedWorld();
    for (const category of CATEGORY_NAMES) {
      for (const api of [V1, V2]) {
        const path = `${api}/${category}`;
        const { status, headers, text } = await read(world, `/api${path}/`, {
          headers: { "accept-encoding": "identity" },
        });
        expect([path, status]).toEqual([path, 200]);
        const isConverted = api === V2 && category !== "text_generation";
        const missing = isConverted ? countRecords(legacyText(world, category)) - countRecords(text) : 0;
        expect([path, headers.get("x-reference-issues")]).toEqual([path, String(missing)]);
        if (api === V1 && category === "text_generation") expect(text).toBe(legacyText(world, category));
        if (api === V1) expect(JSON.parse(text)).toEqual(JSON.parse(legacyText(world, category)));
        else await walkModels(world, category, JSON.parse(text));
        await walkForms(world, path, text, headers.get("etag") ?? "");
      }
    }
  });

  test("aliases, unknown and empty categories, metadata, writes, the server's own routes", async () => {
    const world = await sharedWorld();
    const same = [
      ["stable_diffusion", "image_generation"],
      ["stable_diffusion.json", "image_generation"],
      ["db.json", "text_generation"],
      ["clip.json", "clip"],
    ];
    for (const [alias, name] of same)
      expect((await read(world, `${V1}/${alias}`)).text).toBe((await read(world, `${V1}/${name}`)).text);
    const others: readonly (readonly [path: string, status: number, detail: unknown, method?: string])[] = [
      [`${V1}/nothing`, 422, expect.stringMatching(/^Invalid model category: 'nothing'\..* Valid: blip, /)],
      [`${V2}/stable_diffusion`, 422, [expect.objectContaining({ type: "enum", input: "stable_diffusion" })]],
      [`${V1}/video_generation`, 404, "Model category 'video_generation' not found or is empty"],
      [`${V2}/clip/model/nothing`, 404, "Model 'nothing' not found in category 'clip'"],
      [`${V1}/metadata/last_updated`, 503, "Metadata tracking is not supported in REPLICA mode"],
      [`${V1}/clip?refresh=true`, 401, expect.stringContaining("trigger token")],
      [`${V1}/clip`, 405, "Method Not Allowed", "PUT"],
      [`${V2}/image_generation/add`, 405, "Method Not Allowed", "POST"],
      [`${V2}/clip/model/x`, 405, "Method Not Allowed", "DELETE"],
    ];
    for (const [path, status, detail, method = "GET"] of others) {
      const answer = await read(world, path, { method });
      expect([path, answer.status, JSON.parse(answer.text)]).toEqual([path, status, { detail }]);
    }
    for (const name of ["lora", "ti", "controlnet_annotator", "video_generation", "audio_generation"])
      expect((await read(world, `${V2}/${name}`)).text).toBe("{}");
    const found = JSON.parse((await read(world, `${V2}/text_generation/search?limit=2&sort_by=name`)).text);
    expect([found.results.length, found.limit, found.total > 2, found.has_more]).toEqual([2, 2, true, true]);
    const grouped = JSON.parse((await read(world, `${V1}/text_generation?include_group=true`)).text);
    const plain = JSON.parse((await read(world, `${V1}/text_generation`)).text);
    expect(Object.keys(grouped)).toEqual(Object.keys(plain));
    for (const model of Object.values<object>(grouped)) expect(model).toHaveProperty("text_model_group_summary");
    expect(JSON.parse((await read(world, `/api${V1}/model_categories`)).text)).toEqual(
      expect.arrayContaining([...CATEGORY_NAMES]),
    );
    const mode = JSON.parse((await read(world, "/replicate_mode")).text);
    expect(mode).toEqual({ replicate_mode: "REPLICA", canonical_format: "legacy", writable: false });
    const preflight = await read(world, `${V1}/clip`, { method: "OPTIONS" });
    expect([preflight.status, preflight.text]).toEqual([204, ""]);
  });

  test("our own client of PRIMARY reads every category, and learns that there is no metadata", async () => {
    const world = await sharedWorld();
    const transport = (url: string, init: RequestInit) => world.fetch(url.replace("https://replica.test", ""), init);
    const now = () => 0;
    const client = createPrimaryClient({ url: "https://replica.test/api", transport, userAgent: "test", now });
    for (const category of CATEGORY_NAMES) {
      const answer = await client.category(category);
      const text = answer.kind === "present" ? new TextDecoder().decode(answer.bytes) : "";
      expect(JSON.parse(text), category).toEqual(JSON.parse(legacyText(world, category)));
    }
    await expect(client.lastUpdated()).rejects.toMatchObject({ code: "primary-not-legacy" });
  });
});

test("settings that the replica cannot use: 503 that says where they are explained, and the rest is served", async () => {
  const world = await createWorld({ vars: { HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS: "soon" } });
  const { status, text } = await read(world, `${V1}/clip`);
  expect([status, JSON.parse(text).detail]).toEqual([503, expect.stringContaining("GET /status")]);
  const { problems, replica } = await world.status();
  expect([problems.join(), replica]).toEqual([expect.stringContaining("CACHE_TTL_SECONDS must be"), null]);
  expect((await read(world, `${V1}/lora`)).text).toBe("{}");
  expect(world.githubReads()).toEqual([]);
});

async function walkForms(world: ReplicaWorld, path: string, text: string, etag: string): Promise<void> {
  const known = await read(world, path, { headers: { "if-none-match": `W/${etag}`, "accept-encoding": "identity" } });
  expect([path, known.status, known.text, known.headers.get("etag")]).toEqual([path, 304, "", etag]);
  const zipped = await read(world, path, { headers: GZIP });
  expect(zipped.text).toBe(text);
  const isLong = text.length >= 860;
  expect(zipped.headers.get("etag")).toBe(isLong ? etag.replace(/"$/, '-gzip"') : etag);
  const length = Number(zipped.headers.get("content-length"));
  const bytes = new TextEncoder().encode(text).byteLength;
  if (isLong) expect(length).toBeLessThan(bytes / 2);
  const head = await read(world, path, { method: "HEAD", headers: GZIP });
  expect([head.status, head.text]).toEqual([200, ""]);
  // The local runtime compresses by itself what is sent plain.
  expect(head.headers.get("content-length")).toBe(String(isLong ? length : bytes));
  expect(head.headers.get("etag")).toBe(zipped.headers.get("etag"));
}

async function walkModels(world: ReplicaWorld, category: CategoryName, records: object): Promise<void> {
  const [[name, record] = ["", null]] = Object.entries(records);
  expect(record).toMatchObject({ name });
  for (const path of [
    `${V2}/${category}/model/${encodeURIComponent(name)}`,
    `/v2/${category}/model/${encodeURI(name)}`,
  ])
    expect(JSON.parse((await read(world, path)).text), path).toEqual(record);
}
