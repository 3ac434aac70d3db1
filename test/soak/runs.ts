/**
 * Ticks of the cron: whole ones, and those that are killed, overlap or are held up.
 */
import type { Report } from "../../src/contract/report.ts";
import { createIsolate } from "./isolate.ts";
import { leashAfter, leashHeldAt } from "./leash.ts";
import { type Month, noteReport, stamp } from "./month-state.ts";
import { count } from "./tally.ts";
import { PAUSE_KEY } from "./troubles.ts";
import type { SoakWorld, Tick } from "./world.ts";

export async function tickOnce(month: Month, tick: Tick, isBusy: boolean): Promise<void> {
  const { world, log } = month;
  const { random } = world;
  const chance = isBusy ? random.below(400) : 400;
  if (chance < 4) {
    const leash = leashAfter(random.below(24));
    await follow(month, "killed", { ...tick, leash });
    month.isFailing = null;
  } else if (chance < 7) {
    const isolates = [world.isolate, createIsolate(), world.isolate];
    await Promise.all(isolates.map((isolate) => follow(month, "overlaps", { ...tick, isolate })));
    month.isFailing = null;
  } else if (chance < 9) {
    const { promise, letGo } = createGate();
    const leash = leashHeldAt(random.below(20), promise);
    const end = follow(month, "is held up", { ...tick, leash });
    month.held.push({ until: month.minute + 1 + random.below(12), letGo, end });
    log.push(`${stamp(month)} a run is held up`);
    // Until it stands still: nothing here takes real time.
    await new Promise((resolve) => setImmediate(resolve));
  } else {
    const report = await follow(month, "", tick);
    const isSure = month.held.length === 0 && !world.kv.refuses.has("writes") && !world.settings.has("DRY_RUN");
    if (!isSure) month.isFailing = null;
    else if (report !== null) month.isFailing = report.outcome === "failed" || report.outcome === "partial";
  }
}

export async function follow(month: Month, how: string, tick: Tick): Promise<Report | null> {
  const { world, tally } = month;
  tally.ticks++;
  const writesBefore = world.traffic.writes;
  const isStill = writesNothing(world);
  const report = await world.tick(tick);
  if (how !== "") count(tally.deeds, `a run ${how}`);
  if (isStill && how === "" && world.traffic.writes > writesBefore && month.held.length === 0)
    throw new Error("It wrote to GitHub, and was told to write nothing.");
  noteReport(month, how, report);
  return report === "killed" ? null : report;
}

/** A dry run, and a pause that can be read. */
function writesNothing({ settings, kv }: SoakWorld): boolean {
  return settings.has("DRY_RUN") || (kv.values.has(PAUSE_KEY) && !kv.isStale && !kv.refuses.has("reads"));
}

function createGate(): { readonly promise: Promise<void>; readonly letGo: () => void } {
  let letGo = () => {};
  const promise = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { promise, letGo };
}
