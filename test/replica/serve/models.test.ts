import { expect, it } from "vitest";
import { REPLICA_COMMIT, referenceOf } from "../../fakes/replica.ts";
import { createReplicaApp, V2 } from "./replica-app.ts";

const NAMES = [
  "org/Model-7B",
  "a/model/b",
  "a b",
  "c++",
  "50% off",
  "ünï \u{1f600}",
  "x%2Fy",
  "__proto__",
  "?#&=",
  "q'\"<b>",
];
const records = `{${NAMES.map((name, index) => `${JSON.stringify(name)}:{"name":${JSON.stringify(name)},"n":${index}}`).join(",")}}`;
const references = { text_generation: referenceOf("text_generation", { v1: '{"org/Model-7B": {}}', v2: records }) };

it.each(NAMES)("the model %j is one record, with its name encoded as a whole or part by part", async (name) => {
  const { ask } = createReplicaApp({ references });
  const whole = encodeURIComponent(name);
  const parts = name.split("/").map(encodeURIComponent).join("/");
  for (const path of [whole, parts, `${whole}/`]) {
    for (const prefix of [`${V2}/text_generation`, "/api/v2/text_generation", "/v2/text_generation"]) {
      const answer = await ask(`${prefix}/model/${path}`);
      expect(answer.status, path).toBe(200);
      expect(await answer.text()).toBe(`{"name":${JSON.stringify(name)},"n":${NAMES.indexOf(name)}}`);
      expect(answer.headers.get("x-reference-commit")).toBe(REPLICA_COMMIT);
    }
  }
});

it("a plus in a path is a plus and no space", async () => {
  const { ask } = createReplicaApp({ references });
  expect((await ask(`${V2}/text_generation/model/c++`)).status).toBe(200);
  expect((await ask(`${V2}/text_generation/model/a+b`)).status).toBe(404);
});

it.each([
  ["text_generation", "nothing", "nothing"],
  ["text_generation", "constructor", "constructor"],
  ["text_generation", "org", "org"],
  ["text_generation", "ORG%2FMODEL-7B", "ORG/MODEL-7B"],
  ["text_generation", "%zz", "%zz"],
  ["esrgan", "x", "x"],
  ["lora", "x", "x"],
  ["video_generation", "x", "x"],
])("in %s there is no model %s", async (category, path, name) => {
  const { read } = createReplicaApp({ references: { ...references, esrgan: referenceOf("esrgan") } });
  const detail = `Model '${name}' not found in category '${category}'`;
  expect(await read(`${V2}/${category}/model/${path}`)).toEqual({ status: 404, body: { detail } });
});

it("a name of 10,000 characters is not told back whole", async () => {
  const { read } = createReplicaApp({ references });
  const { status, body } = await read(`${V2}/text_generation/model/${"x".repeat(10_000)}`);
  expect(status).toBe(404);
  expect(body.detail.length).toBeLessThan(400);
});

it("in an unknown category is a 422, aliases included", async () => {
  const { read, replica } = createReplicaApp({ references });
  for (const name of ["nothing", "stable_diffusion", "text_generation.json"])
    expect((await read(`${V2}/${name}/model/x`)).status, name).toBe(422);
  expect(replica.reads).toEqual([]);
});

it("has an ETag of its own URL, and a 304", async () => {
  const { ask } = createReplicaApp({ references });
  const path = `${V2}/text_generation/model/c%2B%2B`;
  const etag = (await ask(path)).headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[0-9a-f]{40}-v2\.\d+"$/);
  const again = await ask(path, { headers: { "if-none-match": etag } });
  expect([again.status, again.headers.get("etag")]).toEqual([304, etag]);
});
