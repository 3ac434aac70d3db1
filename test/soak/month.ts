/**
 * Days of the service, minute by minute: hours in which people, PRIMARY, GitHub, KV and the platform do what they do by
 * chance, and after each some hours in which all is well, at whose end everything must be right. Deterministic for a
 * seed.
 */
import { keepCommits } from "../faults/kept-commits.ts";
import { BRANCH } from "../world/ground.ts";
import { endDay } from "./day-budget.ts";
import { disturb, endWhatIsOver } from "./disturbances.ts";
import { createIsolate } from "./isolate.ts";
import { poll } from "./monitor.ts";
import { attempt, DAY_MINUTES, MINUTE_MS, type Month, type MonthOptions, noteReport, stamp } from "./month-state.ts";
import { follow, tickOnce } from "./runs.ts";
import { START } from "./soak-clock.ts";
import { count } from "./tally.ts";
import { expectRest } from "./truths.ts";
import { RECONCILE, type SoakWorld, WATCH } from "./world.ts";

/** Longer than any back-off, and an hour for what follows it. */
const QUIET_MINUTES = 150;

/** @throws with the seed, the day and what was done last, when something is not as it must be */
export async function liveMonth(world: SoakWorld, options: MonthOptions): Promise<void> {
  let serial = 0;
  const next = () => serial++;
  const { github, random, image, text } = world;
  const month: Month = {
    ...{
      ...options,
      world,
      next,
      log: [],
      minute: 0,
      troubles: [],
      held: [],
      isFailing: null,
      refusedAt: -999,
      forgottenAt: 0,
    },
    places: [
      { github, repository: image, path: "stable_diffusion.json", random, next },
      { github, repository: text, path: "db.json", random, next },
    ],
    kept: new Map([image, text].map((repository) => [repository, keepCommits(github, repository)])),
  };
  world.startDay();
  try {
    while (month.minute < options.days * DAY_MINUTES) {
      const busyUntil = month.minute + 180 + random.below(660);
      while (month.minute < busyUntil) await passMinute(month, true);
      await beQuiet(month);
    }
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { minute, seed, log } = month;
    const when = `day ${1 + Math.floor(minute / DAY_MINUTES)}, ${new Date(START + minute * MINUTE_MS).toISOString()}`;
    throw new Error(`seed ${seed}, ${when}, after:\n${log.slice(-80).join("\n")}\n${message}`);
  }
}

async function passMinute(month: Month, isBusy: boolean): Promise<void> {
  const { world, minute } = month;
  const { random, clock } = world;
  if (minute > 0 && minute % DAY_MINUTES === 0) endDay(month);
  clock.reach(START + minute * MINUTE_MS);
  await endWhatIsOver(month);
  if (isBusy) await disturb(month);
  for (const { trouble } of month.troubles)
    attempt(month, "a change a minute", () => trouble.everyMinute?.(world, month.next));
  if (world.kv.refuses.has("writes")) month.refusedAt = minute;
  if (world.kv.refuses.has("reads")) month.forgottenAt = minute;
  const at = START + minute * MINUTE_MS + clock.skewMs;
  await tickOnce(month, { cron: WATCH, at }, isBusy);
  if (minute % 360 === 0) await tickOnce(month, { cron: RECONCILE, at }, isBusy);
  if (minute % 5 === 3) await poll(month);
  if (random.chance(3)) world.isolate = createIsolate();
  month.minute++;
}

/** Everything passes, and the service has time; then the truth is asked for. */
async function beQuiet(month: Month): Promise<void> {
  const { world, tally, kept } = month;
  await endWhatIsOver(month, true);
  month.log.push(`${stamp(month)} all is quiet`);
  const until = month.minute + QUIET_MINUTES;
  while (month.minute < until - 60) await passMinute(month, false);
  await reconcileEarly(month);
  const { writes } = world.traffic;
  const day = Math.floor(month.minute / DAY_MINUTES);
  while (month.minute < until) await passMinute(month, false);
  const isSameDay = day === Math.floor((month.minute - 1) / DAY_MINUTES);
  if (isSameDay && world.traffic.writes > writes) throw new Error("It does not come to rest.");
  const rests = await expectRest(world);
  for (const [repository, commits] of kept) {
    const lost = commits.lost();
    if (lost.length > 0) throw new Error(`Commits of people were lost in ${repository}: ${lost.join(", ")}`);
  }
  for (const { outcome, categories } of rests) {
    count(
      tally.rests,
      Object.values(categories).some(({ held }) => held !== undefined) ? `${outcome} with held` : outcome,
    );
  }
  tally.quietPeriods++;
  tally.checks += 12;
  if (world.random.chance(60)) await tidyUp(month);
}

/** What only a reconcile sees, such as an old pull request that was opened again, need not wait for its six hours. */
async function reconcileEarly(month: Month): Promise<void> {
  const { world, tally } = month;
  const { writes } = world.traffic;
  await follow(month, "", { cron: RECONCILE });
  if (world.traffic.writes > writes) count(tally.rests, "seen by the reconcile only");
}

/** Somebody looks after what waits for a person. */
async function tidyUp(month: Month): Promise<void> {
  const { world } = month;
  for (const { github, repository } of month.places) {
    attempt(month, "a person tidies up", () =>
      month.kept.get(repository)?.during("theirs", () => github.deleteBranch(repository, BRANCH)),
    );
  }
  const request = { trigger: "manual", categories: null, isDryRun: false, isForced: true } as const;
  noteReport(month, "by hand", await world.invoke(({ service }) => service.sync(request)));
}
