/**
 * PRIMARY on its bad days: nothing is written, the report says what happened, the timestamp stays, and the next tick
 * recovers (absence is not failure).
 */
import { describe, expect, test } from "vitest";
import { RECORD } from "../world/ground.ts";
import { describeWorlds, EVERYTHING, isWrite, type World } from "./world.ts";

const createWorld = describeWorlds();
const CATEGORY = /model_references\/v1\/esrgan$/;
const ANY = /model_references/;

interface Case {
  readonly what: string;
  readonly break: (world: World) => void;
  readonly says: RegExp;
}

const FAILURES: readonly Case[] = [
  {
    what: "answers 500 to everything",
    break: (world) =>
      world.sandbox.primary.faults.add({ path: ANY, times: 3, action: { type: "status", status: 500 } }),
    says: /primary-unavailable: PRIMARY answered 500 for metadata\/last_updated/,
  },
  {
    what: "drops connections",
    break: (world) => world.sandbox.primary.faults.add({ path: ANY, times: 3, action: { type: "drop-before" } }),
    // The local runtime's outbound proxy tells a dropped connection as a 500; production tells it as a failed fetch.
    says: /primary-unavailable: PRIMARY (answered 500|could not be read).*the connection failed|answered 500 for metadata\/last_updated/,
  },
  {
    what: "is too slow",
    break: (world) => world.sandbox.primary.faults.add({ path: ANY, times: 3, action: { type: "delay", ms: 2500 } }),
    says: /primary-unavailable: .*no complete answer within 1 s/,
  },
  {
    what: "does not own the legacy format",
    break: (world) => world.sandbox.primary.setCanonical(false),
    says: /primary-not-legacy: PRIMARY answered 503 for metadata\/last_updated: ./,
  },
  ...(
    [
      [
        "HTML",
        "<!doctype html><title>Bad gateway</title>",
        /primary-malformed: PRIMARY's answer for esrgan is HTML or XML/,
      ],
      ["a list", "[]", /esrgan is a list; expected a JSON object of records/],
      ["null", "null", /esrgan is null/],
      ["half a JSON", '{"RealESRGAN": {"name": "Re', /esrgan is not valid JSON \(cut short or damaged\)/],
      [
        "a record that is a string",
        '{"RealESRGAN": "soon"}',
        /the record "RealESRGAN" is a string instead of an object/,
      ],
      ["nothing", "", /esrgan is empty/],
    ] as const
  ).map(([what, body, says]) => ({
    what: `answers ${what} for a category`,
    break: (world: World) => world.sandbox.primary.faults.add({ path: CATEGORY, action: { type: "body", body } }),
    says,
  })),
];

describe("when PRIMARY", () => {
  test.each(FAILURES)("$what", async ({ break: breakPrimary, says }) => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_PRIMARY_API_TIMEOUT: "1" } });
    await world.tick();
    const before = (await world.status()).primary.lastUpdated;
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    world.githubCalls();
    breakPrimary(world);

    expect(await world.tick(1)).toBe("failed");

    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    const failed = await world.status();
    expect(failed).toMatchObject({ state: "failing", consecutiveErrors: 1, primary: { lastUpdated: before } });
    const run = JSON.parse(await (await world.fetch(`/runs/${failed.runs[0]?.id}`)).text());
    expect(run.outcome).toMatch(/^(failed|partial)$/);
    const categories = run.repositories.flatMap((repository: object) =>
      Object.values(Reflect.get(repository, "categories")),
    );
    const faults = [
      ...[run, ...run.repositories].map(({ error }) => error),
      ...categories.map((category: unknown) => Reflect.get(Object(category), "failed")),
    ];
    const errors = faults.flatMap((error) => (error === undefined ? [] : [`${error.code}: ${error.message}`]));
    expect(errors.join("\n")).toMatch(says);

    world.sandbox.primary.faults.clear();
    world.sandbox.primary.setCanonical(true);
    expect(await world.tick(2)).toBe("ok");
    expect(world.githubCalls().filter(isWrite)).toContain("POST /pulls");
    expect(await world.status()).toMatchObject({ consecutiveErrors: 0, nextAttemptAt: null });
  });

  test.each([
    ["answers {}", (world: World) => world.sandbox.primary.setCategory("esrgan", "{}"), /PRIMARY's answer is empty/],
    ["answers 404", (world: World) => world.sandbox.primary.removeCategory("esrgan"), /no such category \(404\)/],
  ])("%s for a category that GitHub holds, it is held and asked again", async (_, empty, says) => {
    const world = await createWorld();
    await world.tick();
    const before = await world.status();
    const body = world.sandbox.primary.category("esrgan") ?? "";
    world.githubCalls();
    empty(world);

    expect(await world.tick(1)).toBe("ok");

    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    const held = await world.status();
    expect(held.primary.lastUpdated).toBe(before.primary.lastUpdated);
    expect(held.repositories[0]?.outcome).toBe("held");
    expect(held.repositories[0]?.categories.esrgan?.held).toMatch(says);

    world.sandbox.primary.setCategory("esrgan", body);
    expect(await world.tick(2)).toBe("ok");
    expect((await world.status()).state).toBe("in-sync");
  });

  test("lacks its per-category metadata, every category is read", async () => {
    const world = await createWorld();
    world.sandbox.primary.faults.add({
      path: /metadata\/metadata$/,
      times: 9,
      action: { type: "status", status: 404 },
    });
    expect(await world.tick()).toBe("ok");
    expect(world.primaryCalls()).toHaveLength(EVERYTHING);
    expect((await world.status()).state).toBe("in-sync");
  });

  test("fails again and again, the waits double, and a tick inside one asks nothing", async () => {
    const world = await createWorld();
    await world.tick();
    world.sandbox.primary.faults.add({
      path: ANY,
      times: Number.POSITIVE_INFINITY,
      action: { type: "status", status: 404 },
    });
    world.primaryCalls();
    const asked: number[] = [];
    for (let minutes = 1; minutes <= 16; minutes++) {
      await world.tick(minutes);
      if (world.primaryCalls().length > 0) asked.push(minutes);
    }
    expect(asked).toEqual([1, 2, 4, 8, 16]);
  });
});
