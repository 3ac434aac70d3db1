/**
 * Random lives of the service. After each quiet period the body names every record that differs between base and
 * branch and nothing else, nothing of a person's is lost, one pull request is open at most, and nothing was forced.
 *
 * More of them: `LIVES=200 npx vitest run --project faults test/faults/lives.test.ts`.
 */
import { afterAll, expect, it } from "vitest";
import { LIFE_CATEGORIES, type LifeCounts, live } from "./life.ts";
import { describeWorlds } from "./world.ts";

const createWorld = describeWorlds();
const LIVES = Number(process.env["LIVES"] ?? 50);
const RUNS_PER_LIFE = 100;
const counts: LifeCounts = { runs: 0, deeds: 0, quietPeriods: 0, outcomes: {} };

afterAll(() => {
  const outcomes = Object.entries(counts.outcomes).map(([outcome, times]) => `${times} ${outcome}`);
  const told = `${counts.runs} runs, ${counts.deeds} deeds, ${counts.quietPeriods} quiet periods`;
  console.log(`Lives: ${LIVES}, with ${told}: ${outcomes.join(", ")}.`);
});

it.each(Array.from({ length: LIVES }, (_, seed) => seed + 1))("life %i comes to rest with the truth", async (seed) => {
  const world = await createWorld({ CATEGORIES_TO_SYNC: LIFE_CATEGORIES.join(",") });
  await live(world, seed, RUNS_PER_LIFE, counts);
  expect(counts.runs).toBeGreaterThan(0);
  await world.close();
});
