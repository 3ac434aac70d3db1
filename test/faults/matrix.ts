/**
 * The fault matrix: every request of a run × every way in which it can go wrong.
 */
import { afterAll, describe, expect, it } from "vitest";
import type { FaultAction } from "../../sandbox/faults.ts";
import type { Scenario } from "./scenarios.ts";
import { expectHonest, expectTidy } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

export interface Harm {
  readonly name: string;
  readonly action: FaultAction;
  /** How many attempts it hits. */
  readonly times: number;
}

const status = (code: number, message: string, headers: Record<string, string> = {}): FaultAction => ({
  type: "status",
  status: code,
  headers,
  body: JSON.stringify({ message }),
});
/** Real time. */
const HANG_MS = 100;
const PATIENT_MS = 10_000;

const LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

export const HARMS: readonly Harm[] = [
  { name: "500", action: status(500, "Server Error"), times: 1 },
  { name: "502", action: status(502, "Bad Gateway"), times: 1 },
  { name: "dropped before", action: { type: "drop-before" }, times: 1 },
  { name: "dropped after", action: { type: "drop-after" }, times: 1 },
  { name: "403 secondary limit", action: status(403, LIMIT, { "retry-after": "60" }), times: 1 },
  { name: "429", action: status(429, "Too Many Requests"), times: 1 },
  { name: "time-out", action: { type: "hang" }, times: 1 },
];

/** Those that no retry within the run helps against. */
export const STUBBORN_HARMS: readonly Harm[] = [
  { name: "500 three times", action: status(500, "Server Error"), times: 3 },
  {
    name: "403 secondary limit that outlasts the run",
    action: status(403, LIMIT, { "retry-after": "3600" }),
    times: 1,
  },
];

type Target = "github" | "primary";

/** What differs between scenarios is asked of GitHub; PRIMARY's part is the same in all of them. */
const TO_GITHUB: readonly Target[] = ["github"];

/**
 * One test for each harm, so that a failure says which; each goes through all requests of the scenario's run to the
 * given servers.
 */
export function describeMatrix(scenario: Scenario, harms: readonly Harm[], targets = TO_GITHUB): void {
  describe(scenario.name, () => {
    const createWorld = describeWorlds();
    let cells = 0;
    afterAll(() => console.log(`Fault matrix, ${scenario.name}: ${cells} cells.`));
    it.each(harms)("$name at any request is told, and mended within two ticks", async (harm) => {
      const failures: string[] = [];
      for (const { target, skip } of await listRequests(createWorld, scenario, targets)) {
        cells++;
        await tryCell({ createWorld, scenario, harm, target, skip }).catch((error: unknown) => {
          failures.push(`request ${skip} to ${target}: ${error instanceof Error ? error.message : error}`);
        });
      }
      expect(failures).toEqual([]);
    });
  });
}

type CreateWorld = ReturnType<typeof describeWorlds>;

async function prepare(createWorld: CreateWorld, scenario: Scenario): Promise<World> {
  const world = await createWorld(scenario.settings);
  await scenario.prepare(world);
  world.calls();
  world.primary.clearLog();
  return world;
}

interface Place {
  readonly target: Target;
  /** How many requests to it come before. */
  readonly skip: number;
}

/** What the run asks when nothing goes wrong. */
async function listRequests(
  createWorld: CreateWorld,
  scenario: Scenario,
  targets: readonly Target[],
): Promise<Place[]> {
  const world = await prepare(createWorld, scenario);
  expectHonest(world, await world.run(scenario.call));
  scenario.expectEnd(world);
  const counts = { github: world.calls().length, primary: world.primary.log.length };
  await world.close();
  expect(counts.github).toBeGreaterThan(3);
  expect(counts.primary).toBeGreaterThan(2);
  return targets.flatMap((target) => Array.from({ length: counts[target] }, (_, skip) => ({ target, skip })));
}

interface Cell extends Place {
  readonly createWorld: CreateWorld;
  readonly scenario: Scenario;
  readonly harm: Harm;
}

async function tryCell({ createWorld, scenario, harm, target, skip }: Cell): Promise<void> {
  const world = await prepare(createWorld, scenario);
  const { faults } = world[target];
  faults.add({ skip, times: harm.times, action: harm.action });
  try {
    const timeoutMs = harm.action.type === "hang" ? HANG_MS : PATIENT_MS;
    expectHonest(world, await world.run(scenario.call, { timeoutMs }));
    expect(
      faults.list().every(({ times }) => (times ?? 0) < harm.times),
      "the fault was met",
    ).toBe(true);
    faults.clear();
    for (let tick = 0; tick < 2; tick++) {
      world.pass();
      expectHonest(world, await world.run("tick"));
    }
    scenario.expectEnd(world);
    expectTidy(world);
  } finally {
    faults.clear();
    await world.close();
  }
}
