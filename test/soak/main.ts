/**
 * Days of the service at a stretch: `SEED=7 DAYS=30 LIVES=3 npm run soak`. Each life has a seed of its own, counted on
 * from `SEED`; the same seed lives the same days. `WITHOUT` names troubles to leave out, with `;` between them.
 */
import { liveMonth } from "./month.ts";
import { createTally, printTally } from "./tally.ts";
import { startSoakWorld } from "./world.ts";

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const [first, days, lives] = [number("SEED", 1), number("DAYS", 30), number("LIVES", 1)];
const without = (process.env["WITHOUT"] ?? "").split(";").filter((name) => name !== "");

for (let life = 0; life < lives; life++) {
  const seed = first + life;
  const world = await startSoakWorld(seed);
  const tally = createTally();
  const began = Date.now();
  try {
    await liveMonth(world, {
      seed,
      days,
      without,
      tally,
      onDay: (day) => void process.stderr.write(`\rseed ${seed}, day ${day} of ${days} `),
    });
    if (tally.overBudget.length > 0) throw new Error(`seed ${seed}: ${tally.overBudget.join("\n")}`);
    console.log(`\rseed ${seed}: ${days} days in ${Math.round((Date.now() - began) / 1000)} s\n  ${printTally(tally)}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`\r${error instanceof Error ? error.message : error}\n  ${printTally(tally)}`);
    console.error(world.takeLogs().slice(-10).join("\n"));
  } finally {
    await world.close();
  }
}
