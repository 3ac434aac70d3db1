import { describe, expect, it } from "vitest";
import { BEARER, createReplicaApp, V1, V2 } from "./replica-app.ts";

const WRITES = ["POST", "PUT", "PATCH", "DELETE"];
const PATHS = [
  ...["/heartbeat", "/replicate_mode", "/model_references", "/model_references/nothing"],
  ...[V1, V2].flatMap((api) => [
    ...[`${api}/clip`, `${api}/image_generation`, `${api}/nothing`, `${api}/lora`, `${api}/video_generation`],
    ...[`${api}/clip/add`, `${api}/clip/create_model`, `${api}/image_generation/ViT-L%2F14`, `${api}/clip/ViT-L/14`],
    ...[`${api}/info`, `${api}/model_categories`, `${api}/metadata/last_updated`, `${api}/metadata/clip`],
  ]),
  `${V2}/clip/model/ViT-L%2F14`,
];

describe.each(WRITES)("%s", (method) => {
  it.each(PATHS)("%s is a 405 that says what is allowed", async (path) => {
    const { ask, replica } = createReplicaApp();
    const body = '{"name": "ViT-L/14"}';
    const headers = { ...BEARER, apikey: "0000000000", "content-type": "application/json" };
    for (const form of [path, `/api${path}/`, `${path}?refresh=true`]) {
      const answer = await ask(form, { method, headers, body });
      expect([form, answer.status, answer.headers.get("allow")]).toEqual([form, 405, "GET, HEAD, OPTIONS"]);
      expect(await answer.json()).toEqual({ detail: "Method Not Allowed" });
    }
    expect(replica.reads).toEqual([]);
  });
});

it.each(PATHS)("OPTIONS %s lets any page read it", async (path) => {
  const { ask, replica } = createReplicaApp({ isUsable: false });
  const headers = { origin: "https://page.test", "access-control-request-method": "GET" };
  for (const form of [path, `/api${path}`]) {
    const answer = await ask(form, { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    const allowed = (name: string) => answer.headers.get(`access-control-allow-${name}`)?.split(", ");
    expect(allowed("methods")).toEqual(["GET", "HEAD", "OPTIONS"]);
    expect(allowed("headers")).toContain("If-None-Match");
    expect(allowed("headers")).not.toContain("Authorization");
    expect(answer.headers.get("access-control-max-age")).toMatch(/^\d+$/);
  }
  expect(replica.reads).toEqual([]);
});

it("the other routes stay closed to other pages", async () => {
  const { ask } = createReplicaApp();
  for (const path of ["/status", "/nowhere", "/model_references_v1/clip", "/v1"])
    await expect(ask(path), path).rejects.toThrow();
});
