import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { connect } from "../../src/service/connect.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { configWith } from "../fakes/settings.ts";

const BRANCH = {
  name: "main",
  commit: { sha: "c".repeat(40), url: "", commit: { tree: { sha: "d".repeat(40) } } },
};

it("tells the last limit that an answer of GitHub named, also after one that names none", async () => {
  const limits = [{ "x-ratelimit-remaining": "41", "x-ratelimit-limit": "60" }, {}];
  const fetch = async () => Response.json(BRANCH, { headers: limits.shift() ?? {} });
  const { repositories, rateLimit } = connect({
    config: configWith(),
    fetch,
    clock: createFakeClock(),
    tokens: new Map(),
  });
  const { image } = await repositories();
  const told = [];
  for (let time = 0; time < 2; time += 1) {
    await image.read.branch("main");
    told.push(rateLimit());
  }
  const limit = { remaining: 41, limit: 60, resetAt: null };
  expect(told).toEqual([limit, limit]);
});

it.each([
  ["both repositories", "haidra/image", "haidra/text", ["image", "text"]],
  ["the one of its owner, where they have two", "haidra/image", "other/text", ["image"]],
])("an App's token is asked for %s", async (_what, image, text, repositories) => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const app = { GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }) };
  const asked: unknown[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    if (url.endsWith("/installation")) return Response.json({ id: 7, permissions: {} });
    if (!url.endsWith("/access_tokens")) return Response.json(BRANCH);
    asked.push(JSON.parse(String(init.body)).repositories);
    return Response.json({ token: "ghs_token", expires_at: "2027-01-01T00:00:00Z" }, { status: 201 });
  };
  const settings = { GITHUB_IMAGE_REPO: image, GITHUB_TEXT_REPO: text, GITHUB_TOKEN: "" };
  const { repositories: connected } = connect({
    config: configWith(settings, { ...app, GITHUB_APP_PRIVATE_KEY: String(app.GITHUB_APP_PRIVATE_KEY) }),
    fetch,
    clock: createFakeClock(),
    tokens: new Map(),
  });
  await (await connected()).image.read.branch("main");
  expect(asked).toEqual([repositories]);
});
