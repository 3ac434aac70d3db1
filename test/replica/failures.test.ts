import { describe, expect, it } from "vitest";
import { BLIP, CLIP, createWorld, IMAGE, namesOf, TTL_MS, textOf, type World } from "./world.ts";

const BRANCH = `${IMAGE} branches/main`;
const MESSAGE = { message: "Something is wrong" };
const inSeconds = (world: World, seconds: number) => String(Math.floor(world.clock.now() / 1000) + seconds);

interface Failure {
  readonly label: string;
  readonly code: string;
  /** Seconds until GitHub may be asked again. */
  readonly limit?: number;
  readonly answer: (world: World) => Response | Promise<Response>;
}

const FAILURES: readonly Failure[] = [
  {
    label: "is down",
    code: "github-unavailable",
    answer: () => {
      throw new TypeError("fetch failed");
    },
  },
  { label: "answers 500", code: "github-unavailable", answer: () => Response.json(MESSAGE, { status: 500 }) },
  {
    label: "answers 502 with a page",
    code: "github-unavailable",
    answer: () => new Response("<html>", { status: 502 }),
  },
  {
    label: "answers 429 with retry-after",
    code: "rate-limited",
    limit: 900,
    answer: () => Response.json(MESSAGE, { status: 429, headers: { "retry-after": "900" } }),
  },
  {
    label: "answers 403 with an exhausted limit",
    code: "rate-limited",
    limit: 1800,
    answer: (world) => {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inSeconds(world, 1800) };
      return Response.json({ message: "API rate limit exceeded" }, { status: 403, headers });
    },
  },
  {
    label: "answers 403 for a secondary limit that names no time",
    code: "rate-limited",
    limit: 60,
    answer: () => Response.json({ message: "You have exceeded a secondary rate limit" }, { status: 403 }),
  },
  {
    label: "does not know the branch",
    code: "github-not-found",
    answer: () => Response.json(MESSAGE, { status: 404 }),
  },
  { label: "answers 401", code: "github-unauthorized", answer: () => Response.json(MESSAGE, { status: 401 }) },
  { label: "answers something that is no branch", code: "github-unavailable", answer: () => Response.json({}) },
];

/** The fault lasts: its first answer fixes what a limit's end is. */
function breakGitHub(world: World, { answer }: Failure) {
  world.github.clear();
  world.github.intercept(() => answer(world));
}

describe.each(FAILURES)("when GitHub $label", (failure) => {
  it("goes on serving the last good content with its age, and tells why it is stale", async () => {
    const world = createWorld();
    const warm = world.isolate();
    const first = await warm.readAll("blip");
    breakGitHub(world, failure);
    await world.clock.advance(TTL_MS + 1);
    expect(await warm.readAll("blip")).toMatchObject({ source: "hit" });
    const answer = await warm.readAll("blip");
    expect(await textOf(answer)).toBe(BLIP);
    expect(answer).toMatchObject({ checkedAt: first.checkedAt, source: "stale", stale: { code: failure.code } });
    await world.clock.advance(365 * 24 * 60 * TTL_MS);
    expect(await textOf(await warm.readAll("blip"))).toBe(BLIP);
  });

  it("serves it from KV in a cold isolate", async () => {
    const world = createWorld();
    const { checkedAt } = await world.isolate().readAll("text_generation");
    breakGitHub(world, failure);
    await world.clock.advance(60 * TTL_MS);
    const answer = await world.isolate({ edge: null }).readAll("text_generation");
    expect(answer).toMatchObject({ checkedAt, source: "stale", stale: { code: failure.code } });
    expect(await namesOf(answer)).toEqual(["org/Model-7B"]);
  });

  it("refuses with the reason where nothing was ever read, and asks no more within the TTL", async () => {
    const world = createWorld();
    const cold = world.isolate();
    breakGitHub(world, failure);
    const { code, limit } = failure;
    await expect(cold.readAll("blip")).rejects.toMatchObject({ name: "SyncError", code });
    await cold.rest();
    const asked = world.github.lines().length;
    const retryAt = limit === undefined ? null : expect.any(Number);
    await expect(cold.readAll("blip")).rejects.toMatchObject({ code, retryAt });
    await expect(world.isolate().readAll("clip")).rejects.toMatchObject({ code });
    expect(world.github.lines()).toHaveLength(asked);
  });

  it("recovers by itself", async () => {
    const world = createWorld();
    const cold = world.isolate();
    breakGitHub(world, failure);
    await expect(cold.readAll("blip")).rejects.toThrow();
    await cold.rest();
    await world.clock.advance(Math.max(TTL_MS + 1, 1000 * (failure.limit ?? 0)));
    world.github.intercept(null);
    expect(await cold.readAll("blip")).toMatchObject({ source: "revalidated", stale: null });
  });
});

describe("a rate limit", () => {
  it("is honoured until it is lifted, also by a refresh, the other repository and other isolates", async () => {
    const world = createWorld();
    const warm = world.isolate();
    await warm.readAll("blip");
    await warm.readAll("text_generation");
    await world.clock.advance(11 * TTL_MS);
    world.github.intercept(() => Response.json(MESSAGE, { status: 429, headers: { "retry-after": "1200" } }));
    await warm.readAll("blip");
    world.github.clear();
    world.github.intercept(null);
    for (let minute = 1; minute < 20; minute++) {
      await world.clock.advance(TTL_MS - 1);
      const refresh = minute % 2 === 0;
      expect(await warm.readAll("blip", { refresh })).toMatchObject({ stale: { code: "rate-limited" } });
      expect(await warm.readAll("text_generation")).toMatchObject({ source: "stale" });
      expect(await world.isolate().readAll("blip", { refresh })).toMatchObject({ stale: { code: "rate-limited" } });
    }
    expect(world.github.lines()).toEqual([]);
    await world.clock.advance(2 * TTL_MS);
    await warm.readAll("blip");
    expect(await warm.readAll("blip")).toMatchObject({ source: "hit", stale: null });
  });
});

describe("a rate limit on blobs", () => {
  it("goes for every question, and leaves what the caches have", async () => {
    const world = createWorld();
    const warm = world.isolate();
    world.github.push(IMAGE, { "blip.json": BLIP, "clip.json": CLIP, "esrgan.json": "{}" });
    await warm.readAll("clip");
    world.github.intercept(({ line }) => (line.includes("/blobs/") ? limited() : null));
    await expect(warm.readAll("blip")).rejects.toMatchObject({ code: "rate-limited" });
    world.github.clear();
    await expect(warm.readAll("esrgan")).rejects.toMatchObject({ code: "rate-limited" });
    await world.clock.advance(TTL_MS + 1);
    await expect(warm.readAll("text_generation")).rejects.toMatchObject({ code: "rate-limited" });
    expect(await textOf(await warm.readAll("clip"))).toBe(CLIP);
    const reads = world.edge.reads.length;
    await warm.readAll("clip");
    expect(world.edge.reads).toHaveLength(reads);
    expect(world.github.lines()).toEqual([]);
  });

  const limited = () => Response.json(MESSAGE, { status: 429, headers: { "retry-after": "1200" } });
});

describe("a GitHub that is slow", () => {
  it("keeps nobody waiting for more than 2.5 s where there is something to serve", async () => {
    const { github, isolate, clock } = createWorld();
    const first = await isolate().readAll("blip");
    github.intercept(() => clock.sleep(4000).then(() => null));
    await clock.advance(11 * TTL_MS);
    const cold = isolate({ edge: null });
    const asked = clock.now();
    const answer = await cold.read("blip");
    expect(clock.now() - asked).toBe(2500);
    expect(answer).toMatchObject({ checkedAt: first.checkedAt, stale: { code: "github-unavailable" } });
    expect(answer.stale?.message).toBe("GitHub did not answer in time.");
    await clock.advance(500);
    await cold.read("blip");
    expect(clock.now() - asked).toBe(3000);
    await cold.rest();
    expect(await cold.read("blip")).toMatchObject({ source: "hit", stale: null });
  });

  it("is waited for 10 s where there is nothing, and then refused", async () => {
    const { github, isolate, clock } = createWorld();
    github.intercept(() => new Promise(() => {}));
    const asked = clock.now();
    await expect(isolate().read("blip")).rejects.toMatchObject({ code: "github-unavailable" });
    expect(clock.now() - asked).toBe(10_000);
  });

  it("is asked anew when the question was lost with its invocation", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    github.intercept(() => new Promise(() => {}));
    await expect(warm.read("blip")).rejects.toThrow("in time");
    github.intercept(null);
    await expect(warm.read("blip")).rejects.toThrow("in time");
    await clock.advance(30_000);
    expect(await textOf(await warm.read("blip"))).toBe(BLIP);
  });

  it("serves those who wait when the client that asked first goes away", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    github.intercept(({ line }) => (line === BRANCH ? clock.sleep(1000).then(() => null) : null));
    const kept: Promise<unknown>[] = [];
    const gone = warm.invocation((work) => void kept.push(work)).read("blip");
    gone.catch(() => {});
    const waiting = [1, 2, 3].map(() => warm.invocation().read("blip"));
    const answers = await clock.until(Promise.all(waiting));
    expect(new Set(await Promise.all(answers.map(textOf)))).toEqual(new Set([BLIP]));
    expect(kept).not.toHaveLength(0);
    expect(github.lines().filter((line) => line === BRANCH)).toHaveLength(1);
  });
});

describe("a GitHub that fails faster than KV answers", () => {
  it("does not keep the last good content from being served", async () => {
    const { github, isolate, clock, kv } = createWorld();
    await isolate().readAll("blip");
    github.intercept(() => Response.json(MESSAGE, { status: 400 }));
    const get = (key: string) => clock.sleep(800).then(() => kv.get(key));
    const answer = await isolate({ edge: null, kv: { ...kv, get } }).readAll("blip");
    expect(answer).toMatchObject({ source: "stale", stale: { code: "github-rejected" } });
  });
});
