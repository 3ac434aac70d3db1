import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { readReply } from "./support.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(() => sandbox.close());

async function read(path: string, init: RequestInit = {}) {
  return readReply(await fetch(`${sandbox.primary.url}${path}`, init));
}

test("answers a category's stored text under both prefixes, without an ETag", async () => {
  const text = '{\n\t"X": {"v": 1.0}\n}\n';
  sandbox.primary.setCategory("clip", text);
  for (const prefix of ["", "/api"]) {
    const reply = await read(`${prefix}/model_references/v1/clip`);
    expect([reply.status, reply.text, reply.headers.get("etag")]).toEqual([200, text, null]);
  }
});

test("has 404 for what is empty, 422 for what it does not know, and {} for lora and ti", async () => {
  expect((await read("/model_references/v1/blip")).status).toBe(404);
  expect((await read("/model_references/v1/video_generation")).status).toBe(404);
  expect((await read("/model_references/v1/nothing")).json["detail"]).toMatchObject([
    { type: "enum", input: "nothing" },
  ]);
  expect((await read("/model_references/v1/lora")).text).toBe("{}");
  expect((await read("/model_references/v1/clip", { method: "POST" })).status).toBe(405);
  expect((await read("/elsewhere")).status).toBe(404);
});

test("moves its stamp with every change, and can hide it", async () => {
  const stamp = async () => (await read("/model_references/v1/metadata/last_updated")).json["last_updated"];
  expect(await stamp()).toBeNull();
  sandbox.primary.setCategory("clip", "{}");
  const first = Number(await stamp());
  sandbox.primary.putRecord("clip", "X", { name: "X" });
  expect(await stamp()).toBe(first + 1);
  const metadata = (await read("/model_references/v1/metadata/metadata")).json["clip"];
  expect(metadata).toMatchObject({ last_operation_type: "create", last_operation_model: "X", total_models: 1 });
  sandbox.primary.setCanonical(false);
  expect((await read("/model_references/v1/metadata/last_updated")).status).toBe(503);
  sandbox.primary.setCanonical(true);
  sandbox.primary.setLastUpdated(7);
  expect(await stamp()).toBe(7);
  sandbox.primary.removeCategory("clip");
  expect((await read("/model_references/v1/clip")).status).toBe(404);
});

describe("an edit", () => {
  test("writes the whole text anew, and keeps the others' keys and numbers as they are spelt", () => {
    const text = '{"b": {"10": 1.0, "2": 1e-05, "__proto__": 12345678901234567890}, "a": {"x": "\\u2014"}}\n';
    sandbox.primary.setCategory("clip", text);
    sandbox.primary.putRecord("clip", "new", '{"z": 3.0, "1": []}');
    expect(sandbox.primary.category("clip")).toBe(
      `{
  "b": {
    "10": 1.0,
    "2": 1e-05,
    "__proto__": 12345678901234567890
  },
  "a": {
    "x": "—"
  },
  "new": {
    "z": 3.0,
    "1": []
  }
}`,
    );
    sandbox.primary.removeRecord("clip", "b");
    expect(sandbox.primary.category("clip")).toMatch(/^\{\n {2}"a"/);
    expect(() => sandbox.primary.removeRecord("clip", "b")).toThrow(/no record b/);
  });

  test("of a text model changes all three of its entries", () => {
    const keys = () => Object.keys(JSON.parse(sandbox.primary.category("text_generation") ?? "{}"));
    sandbox.primary.putRecord("text_generation", "one/Model", { name: "?", parameters: 1 });
    expect(keys()).toEqual(["one/Model", "aphrodite/one/Model", "koboldcpp/Model"]);
    sandbox.primary.putRecord("text_generation", "two/Model", { parameters: 2 });
    const read = (key: string): unknown => JSON.parse(sandbox.primary.category("text_generation") ?? "{}")[key];
    expect(read("koboldcpp/Model")).toEqual({ name: "koboldcpp/Model", model_name: "Model", parameters: 2 });
    expect(read("aphrodite/one/Model")).toEqual({ name: "aphrodite/one/Model", model_name: "Model", parameters: 1 });
    sandbox.primary.removeRecord("text_generation", "two/Model");
    expect(read("koboldcpp/Model")).toMatchObject({ parameters: 1 });
    sandbox.primary.removeRecord("text_generation", "one/Model");
    expect(keys()).toEqual([]);
  });
});

test("logs what it was asked", async () => {
  await read("/api/model_references/v1/clip?x=1");
  expect(sandbox.primary.log).toMatchObject([
    { method: "GET", path: "/api/model_references/v1/clip", query: "?x=1", status: 404 },
  ]);
  sandbox.primary.clearLog();
  expect(sandbox.primary.log).toHaveLength(0);
});
