/**
 * A run that is cut off, as a limit of CPU time does it: after any of its requests and KV operations nothing more
 * happens. The next tick sees it and finishes the work, whether it comes at once or after the run counts as killed.
 */
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";
import { APPEND, CREATE, type Scenario } from "./scenarios.ts";
import { expectHonest, expectTidy } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const MINUTE_MS = 60_000;
const NEVER = new Promise<never>(() => {});

/** What a run did before it was cut off, in order, such as `kv put running`. */
interface Cut {
  readonly steps: readonly string[];
  /** It ended before it could be cut off. */
  readonly isWhole: boolean;
}

/** Run until `count` steps are done; the next one never happens. */
async function runUntil(world: World, { call }: Scenario, count: number): Promise<Cut> {
  const steps: string[] = [];
  let stop = () => {};
  const stopped = new Promise<false>((resolve) => {
    stop = () => resolve(false);
  });
  const step = <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (steps.length < count) {
      steps.push(what);
      return work();
    }
    stop();
    return NEVER;
  };
  const kv: KeyValueStore = {
    get: (key) => step(`kv get ${key}`, () => world.kv.get(key)),
    put: (key, value, options) => step(`kv put ${key}`, () => world.kv.put(key, value, options)),
    list: (options) => step("kv list", () => world.kv.list(options)),
  };
  const ended = world.run(call, { kv, fetch: (url, init) => step(`${init?.method} ${url}`, () => fetch(url, init)) });
  const isWhole = await Promise.race([stopped, ended.then(() => true)]);
  return { steps, isWhole };
}

const Stored = z.object({ kills: z.number() });

/** The tick of the next minute, or of a later one. @returns its Report, and how many killed runs its states told of */
async function tickAfter(world: World, minutes: number) {
  world.clock.advance(minutes * MINUTE_MS);
  let kills = 0;
  const kv: KeyValueStore = {
    ...world.kv,
    put(key, value, options) {
      if (key === "state") kills = Math.max(kills, Stored.parse(JSON.parse(value)).kills);
      return world.kv.put(key, value, options);
    },
  };
  const report = await world.run("tick", { kv });
  expectHonest(world, report);
  return { report, kills };
}

/** For the labels that the run before may or may not have added: they are looked at after a quarter of an hour. */
const SURE_MINUTES = 16;

/** Nothing is due, nothing is written, and nothing waits. */
async function expectQuiet(world: World): Promise<void> {
  world.calls();
  expect((await tickAfter(world, 1)).report, "a tick after that").toBe(null);
  expect(world.writes()).toEqual([]);
  expect(world.state()).toMatchObject({ isUnsettled: false, awaiting: null, lastUpdated: world.primary.lastUpdated });
}

const DELAYS = [
  { when: "in the next minute", minutes: 1, isLate: false },
  { when: "when the run counts as killed", minutes: 10, isLate: true },
];

describe.each(DELAYS)("a run that is cut off is finished by the tick that comes $when", ({ minutes, isLate }) => {
  let [cuts, seenAsKilled] = [0, 0];
  afterAll(() => console.log(`Cut off, ${minutes} minutes: ${cuts} places, ${seenAsKilled} told as killed.`));

  it.each([CREATE, APPEND])("$name", async (scenario) => {
    const failures: string[] = [];
    for (let count = 0; ; count++) {
      const world = await createWorld(scenario.settings);
      await scenario.prepare(world);
      const { steps, isWhole } = await runUntil(world, scenario, count);
      // Of what left no mark nobody can know, and what was recorded is over.
      const isMarked = steps.includes("kv put running") && !steps.includes("kv put state");
      try {
        const { kills } = await tickAfter(world, minutes);
        expect(kills, "runs that are told as killed").toBe(isMarked && isLate ? 1 : 0);
        seenAsKilled += kills;
        scenario.expectEnd(world);
        await tickAfter(world, SURE_MINUTES);
        scenario.expectEnd(world);
        expectTidy(world);
        for (const repository of world.repositories) expect(world.github.pullRequests(repository)).toHaveLength(1);
        await expectQuiet(world);
      } catch (error) {
        failures.push(`after ${count}, ${steps.at(-1)}: ${error instanceof Error ? error.message : error}`);
      }
      await world.close();
      if (isWhole) break;
      cuts++;
    }
    expect(failures).toEqual([]);
  });
});
