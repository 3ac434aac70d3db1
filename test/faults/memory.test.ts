/**
 * KV is a cache: lost, old, damaged or out of order, it may cost requests, and nothing else.
 */
import { afterAll, describe, expect, it } from "vitest";
import { createBrokenKv } from "../fakes/kv.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { expectTidy } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
let tried = 0;
afterAll(() => console.log(`KV: ${tried} damaged states.`));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Damage {
  readonly name: string;
  /** @returns what KV holds instead; `null` for nothing */
  harm(text: string, world: World): string | null;
}

/** Change a stored value as a careless hand would: the rest stays as it is. */
function edit(text: string, change: (path: string, value: Json) => Json | undefined): string {
  const walk = (value: Json, path: string): Json => {
    const changed = change(path, value);
    if (changed !== undefined) return changed;
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}.${index}`));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, `${path}.${key}`)]));
  };
  return JSON.stringify(walk(JSON.parse(text), ""));
}

const replaceIn = (part: RegExp, make: (value: string) => Json) => (text: string) =>
  edit(text, (path, value) => (part.test(path) && typeof value === "string" ? make(value) : undefined));
const reverse = (value: string) => [...value].reverse().join("");

const DAMAGES: readonly Damage[] = [
  { name: "nothing", harm: () => null },
  { name: "an empty text", harm: () => "" },
  { name: "half of its JSON", harm: (text) => text.slice(0, text.length / 2) },
  { name: "something else", harm: () => '["garbage"]' },
  { name: "an older version", harm: (text) => text.replace('"version":1', '"version":0') },
  { name: "a wrong shape inside memory", harm: (text) => text.replace(/"sameness":\{/g, '"sameness":[{') },
  { name: "no memory", harm: (text) => edit(text, (path) => (path === ".memory" ? {} : undefined)) },
  { name: "wrong blobs of the base", harm: replaceIn(/baseTree\.files/, reverse) },
  {
    name: "no blobs of the base",
    harm: (text) => edit(text, (path) => (path.endsWith("baseTree.files") ? {} : undefined)),
  },
  { name: "wrong blobs of a true head", harm: replaceIn(/published\.(headFiles|baseFiles)/, reverse) },
  {
    name: "the base's blobs for those of a true head",
    harm: (text) =>
      edit(text, (path, value) =>
        /\.published$/.test(path) && value !== null && typeof value === "object" && !Array.isArray(value)
          ? { ...value, headFiles: value["baseFiles"] ?? {} }
          : undefined,
      ),
  },
  {
    name: "sameness of everything with everything",
    harm: replaceIn(/sameness\..*\.(primary|files)/, () => "0".repeat(40)),
  },
  {
    name: "the claim that all is settled",
    harm: (text, world) =>
      edit(text, (path) => {
        if (path === ".lastUpdated") return world.primary.lastUpdated;
        return /settledAt\./.test(path) ? world.primary.lastUpdated : undefined;
      }),
  },
  {
    name: "a back-off until the year 9999",
    harm: (text) => edit(text, (path) => (path === ".nextAttemptAt" ? "9999-01-01T00:00:00.000Z" : undefined)),
  },
  {
    name: "times that are none",
    harm: (text) =>
      edit(text, (path) => (/(At|startedAt)$/.test(path) && path.startsWith(".last") ? "soon" : undefined)),
  },
];

async function expectSameEnd(world: World, scenario: Scenario): Promise<void> {
  for (const call of [scenario.call, "reconcile", "reconcile"] as const) {
    await world.run(call);
    world.clock.advance(2 * 60 * 60_000);
  }
  scenario.expectEnd(world);
  expectTidy(world);
}

describe("a KV that holds", () => {
  it.each(DAMAGES)("$name leads to the same end", async ({ harm }) => {
    const failures: string[] = [];
    for (const scenario of SCENARIOS) {
      tried++;
      const world = await createWorld(scenario.settings);
      await scenario.prepare(world);
      const stored = world.kv.values.get("state");
      // Before the first run there is nothing to be damaged but what another service may have left.
      const damaged = harm(stored?.value ?? '{"version":1}', world);
      if (stored !== undefined) expect(damaged).not.toBe(stored.value);
      if (damaged === null) world.kv.values.clear();
      else world.kv.values.set("state", { value: damaged });
      await expectSameEnd(world, scenario).catch((error: unknown) => {
        failures.push(`${scenario.name}: ${error instanceof Error ? error.message : error}`);
      });
      await world.close();
    }
    expect(failures).toEqual([]);
  });

  it("what was true an hour and a run ago leads to the same end", async () => {
    for (const scenario of SCENARIOS) {
      tried++;
      const world = await createWorld(scenario.settings);
      await scenario.prepare(world);
      const before = world.kv.values.get("state");
      await world.run(scenario.call);
      world.clock.advance(60 * 60_000);
      if (before === undefined) world.kv.values.delete("state");
      else world.kv.values.set("state", before);
      await expectSameEnd(world, scenario);
      await world.close();
    }
  });
});

describe("a KV that fails", () => {
  it.each(SCENARIOS)("at every read and write leads to the same end: $name", async (scenario) => {
    tried++;
    const world = await createWorld(scenario.settings);
    await scenario.prepare(world);
    for (const call of [scenario.call, "tick", "reconcile"] as const) {
      await world.run(call, { kv: createBrokenKv() });
      world.clock.advance(60_000);
    }
    scenario.expectEnd(world);
    expectTidy(world);
    await world.close();
  });
});
