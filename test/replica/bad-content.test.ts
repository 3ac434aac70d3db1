import { describe, expect, it } from "vitest";
import type { CategoryName } from "../../src/categories.ts";
import {
  BLIP,
  CLIP,
  CSV,
  createWorld,
  DEFAULTS,
  IMAGE,
  namesOf,
  PARAMS,
  TEXT,
  TEXT_FILES,
  TTL_MS,
  textOf,
} from "./world.ts";

const MESSAGE = { message: "Something is wrong" };

interface Bad {
  readonly label: string;
  readonly category: CategoryName;
  readonly repository: string;
  readonly files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
  readonly message: RegExp;
}

const BAD: readonly Bad[] = [
  {
    label: "broken JSON",
    category: "blip",
    repository: IMAGE,
    files: { "blip.json": BLIP.slice(0, -5) },
    message: /^blip\.json is not a JSON object/,
  },
  { label: "a list", category: "blip", repository: IMAGE, files: { "blip.json": "[]" }, message: /^blip\.json/ },
  {
    label: "bytes that are no UTF-8",
    category: "blip",
    repository: IMAGE,
    files: { "blip.json": new Uint8Array([0x7b, 0xff, 0x7d]) },
    message: /not valid UTF-8/,
  },
  {
    label: "a CSV that ends inside a quote",
    category: "text_generation",
    repository: TEXT,
    files: { ...TEXT_FILES, "models.csv": `${CSV}org/Other,7,,"https://exa` },
    message: /^models\.csv/,
  },
  {
    label: "a CSV without its header",
    category: "text_generation",
    repository: TEXT,
    files: { ...TEXT_FILES, "models.csv": "a,b\r\n1,2\r\n" },
    message: /models\.csv|name/,
  },
  {
    label: "a CSV without defaults.json",
    category: "text_generation",
    repository: TEXT,
    files: { "models.csv": CSV, "generation_params.json": PARAMS },
    message: /^defaults\.json/,
  },
  {
    label: "broken defaults.json",
    category: "text_generation",
    repository: TEXT,
    files: { ...TEXT_FILES, "defaults.json": DEFAULTS.slice(1) },
    message: /defaults\.json/,
  },
];

describe.each(BAD)("$label, committed", ({ category, repository, files, message }) => {
  it("does not take the last good content's place, is read once, and goes when the file is mended", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    const good = await warm.readAll(category);
    github.push(repository, files);
    await warm.readAll(category, { refresh: true });
    const parsed = warm.parsed();
    github.clear();
    for (const _ of [1, 2, 3]) {
      await clock.advance(TTL_MS + 1);
      const answer = await warm.readAll(category);
      expect(await textOf(answer)).toBe(await textOf(good));
      expect(answer).toMatchObject({ source: "stale", checkedAt: good.checkedAt, commit: good.commit });
      expect(answer.stale).toEqual({ code: "legacy-malformed", message: expect.stringMatching(message) });
    }
    await warm.readAll(category, { refresh: true });
    expect(warm.parsed()).toBe(parsed);
    expect(new Set(github.lines())).toEqual(new Set([`${repository} branches/main`]));
    const mended = github.push(repository, repository === TEXT ? TEXT_FILES : { "blip.json": BLIP });
    expect(await warm.readAll(category, { refresh: true })).toMatchObject({ commit: mended, stale: null });
  });

  it("is told as the reason where nothing better was ever there", async () => {
    const { github, isolate } = createWorld();
    github.push(repository, files);
    const refused = { code: "legacy-malformed", message: expect.stringMatching(message) };
    await expect(isolate().readAll(category)).rejects.toMatchObject(refused);
  });

  it("leaves the last good content to cold isolates", async () => {
    const { github, isolate, clock } = createWorld();
    const good = await isolate().readAll(category);
    github.push(repository, files);
    await clock.advance(TTL_MS + 1);
    const answer = await isolate().readAll(category);
    expect(await textOf(answer)).toBe(await textOf(good));
    expect(answer.stale?.code).toBe("legacy-malformed");
  });
});

describe("a blob that does not arrive whole", () => {
  it.each([
    ["cut in transfer", () => new Response(CSV.slice(0, 30))],
    ["damaged", () => new Response(CSV.replace("Model", "Modem"))],
    ["unavailable", () => Response.json(MESSAGE, { status: 503 })],
  ])("%s: is no content, and is asked for again after the TTL only", async (_what, answer) => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    const good = await warm.readAll("text_generation");
    github.push(TEXT, { ...TEXT_FILES, "models.csv": CSV.replace("7,", "8,") });
    github.intercept(({ line }) => (line.includes("git/blobs/") ? answer() : null));
    await clock.advance(TTL_MS + 1);
    await warm.readAll("text_generation");
    github.clear();
    const stale = await warm.readAll("text_generation");
    expect(stale).toMatchObject({ checkedAt: good.checkedAt, source: "stale", stale: { code: "github-unavailable" } });
    expect(github.lines()).toEqual([]);
    github.intercept(null);
    await clock.advance(TTL_MS + 1);
    await warm.readAll("text_generation");
    expect(await textOf(await warm.readAll("text_generation"))).toContain("8000000000");
  });
});

describe("content that could not be had", () => {
  it("is asked for once in a TTL, also where there is nothing to serve, but again by a refresh", async () => {
    const { github, isolate } = createWorld();
    const cold = isolate();
    github.intercept(({ line }) => (line.includes("git/blobs/") ? Response.json(MESSAGE, { status: 400 }) : null));
    for (const _ of [1, 2, 3]) await expect(cold.readAll("blip")).rejects.toMatchObject({ code: "github-rejected" });
    expect(github.lines()).toHaveLength(3);
    github.intercept(null);
    expect(await textOf(await cold.readAll("blip", { refresh: true }))).toBe(BLIP);
  });

  it("is asked for again after the TTL, although a reader of another category asked for the ref meanwhile", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.push(IMAGE, { "blip.json": CLIP });
    github.intercept(({ line }) => (line.includes("git/blobs/") ? Response.json(MESSAGE, { status: 400 }) : null));
    await warm.readAll("blip", { refresh: true });
    github.intercept(null);
    await clock.advance(TTL_MS + 1);
    await warm.readAll("esrgan");
    await warm.readAll("blip");
    expect(await textOf(await warm.readAll("blip"))).toBe(CLIP);
  });
});

describe("a file without records", () => {
  it.each([
    ["an empty object", { "blip.json": "{}\n", "clip.json": CLIP }],
    ["no bytes", { "blip.json": "", "clip.json": CLIP }],
    ["no file", { "clip.json": CLIP }],
  ])("%s: is served as empty, in v1 and v2, and from KV too", async (_what, files) => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.push(IMAGE, files);
    await warm.readAll("blip", { refresh: true });
    github.intercept(() => Response.json(MESSAGE, { status: 500 }));
    await clock.advance(TTL_MS + 1);
    for (const isolated of [warm, isolate({ edge: null })]) {
      const answer = await isolated.readAll("blip");
      expect(answer.isEmpty).toBe(true);
      expect((await textOf(answer)).trim()).toBe("{}");
      expect(await namesOf(answer)).toEqual([]);
    }
  });
});
