/**
 * Some days of the service. More of them: `SEED=7 DAYS=30 LIVES=3 npm run soak`.
 */
import { expect, it } from "vitest";
import { liveMonth } from "./month.ts";
import { createTally, printTally } from "./tally.ts";
import { startSoakWorld } from "./world.ts";

const DAYS = 1;

it.each([1, 2])("days of troubles end as they must, again and again: seed %i", { timeout: 120_000 }, async (seed) => {
  const world = await startSoakWorld(seed);
  const tally = createTally();
  try {
    await liveMonth(world, { seed, days: DAYS, without: [], tally });
  } finally {
    await world.close();
  }
  console.log(`Soak: seed ${seed}, ${DAYS} days: ${printTally(tally)}`);
  expect(tally.overBudget).toEqual([]);
  expect(tally.quietPeriods).toBeGreaterThan(1);
});
