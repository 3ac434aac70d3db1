/**
 * Days of the service, minute by minute: hours in which people, PRIMARY, GitHub, KV and the platform do what they do by
 * chance, and after each some hours in which all is well, at whose end everything must be right. Deterministic for a
 * seed.
 */
import type { Report } from "../../src/contract/report.ts";
import type { Deed } from "../../src/service/watch.ts";
import { type KeptCommits, keepCommits } from "../faults/kept-commits.ts";
import { chooseWeighted, PERSON_DEEDS, type Place } from "../faults/person-deeds.ts";
import { openPulls } from "../faults/truth.ts";
import { BRANCH } from "../faults/world.ts";
import { createIsolate } from "./isolate.ts";
import { KV_DEEDS } from "./kv-deeds.ts";
import { leashAfter, leashHeldAt } from "./leash.ts";
import { PRIMARY_DEEDS } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { count, noteDay, type Tally } from "./tally.ts";
import { TROUBLES, type Trouble } from "./troubles.ts";
import { expectRest } from "./truths.ts";
import { readHealth, readStatus } from "./views.ts";
import { RECONCILE, type SoakWorld, SYNCED, type Tick, WATCH } from "./world.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Longer than any back-off, and an hour for what follows it. */
const QUIET_MINUTES = 150;

export interface MonthOptions {
  readonly seed: number;
  readonly days: number;
  /** Troubles that do not happen, by name. */
  readonly without: readonly string[];
  readonly tally: Tally;
  /** Told at the end of each day. */
  readonly onDay?: (day: number) => void;
}

interface Month extends MonthOptions {
  readonly world: SoakWorld;
  readonly places: readonly Place[];
  readonly kept: ReadonlyMap<string, KeptCommits>;
  readonly next: () => number;
  readonly log: string[];
  minute: number;
  troubles: { readonly trouble: Trouble; readonly since: number; readonly until: number; readonly end: () => void }[];
  /** Runs that stand still, and when they go on. */
  held: { readonly until: number; readonly letGo: () => void; readonly end: Promise<unknown> }[];
  /** Whether the last run that was recorded failed; `null`: not known. */
  isFailing: boolean | null;
  /** When a write was refused last, and when the state was last out of reach or another's, in minutes. */
  refusedAt: number;
  forgottenAt: number;
}

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

async function tickOnce(month: Month, tick: Tick, isBusy: boolean): Promise<void> {
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

async function follow(month: Month, how: string, tick: Tick): Promise<Report | null> {
  const { world, tally } = month;
  tally.ticks++;
  const writesBefore = world.traffic.writes;
  const isDry = world.settings.has("DRY_RUN");
  const report = await world.tick(tick);
  if (how !== "") count(tally.deeds, `a run ${how}`);
  if (isDry && how === "" && world.traffic.writes > writesBefore && month.held.length === 0)
    throw new Error("A dry run wrote to GitHub.");
  noteReport(month, how, report);
  return report === "killed" ? null : report;
}

function noteReport(month: Month, how: string, report: Report | null | "killed"): void {
  const { world, tally, log } = month;
  if (report === "killed") log.push(`${stamp(month)} a run is killed`);
  if (report === null || report === "killed") return;
  tally.runs++;
  for (const { outcome } of report.repositories) count(tally.outcomes, outcome);
  if (report.repositories.length === 0) count(tally.outcomes, "without a repository");
  const told = report.repositories.map(
    ({ outcome, error }) => `${outcome}${error === undefined ? "" : ` (${error.message})`}`,
  );
  log.push(
    `${stamp(month)}   ${report.trigger} ${how} → ${report.outcome}: ${told.join(", ")} ${report.error?.message ?? ""}`,
  );
  for (const repository of world.repositories) {
    const open = openPulls(world, repository).filter(({ head }) => head.ref === BRANCH);
    if (open.length > 1) throw new Error(`${open.length} pull requests of ${repository} are open.`);
  }
  tally.checks += world.repositories.length;
}

/** What people, PRIMARY, KV and the platform do in a minute. */
async function disturb(month: Month): Promise<void> {
  const { world, places, next, tally } = month;
  const { random } = world;
  if (random.below(12) === 0) {
    const place = random.chance(60) ? places[0] : places[1];
    const deed = chooseWeighted(PERSON_DEEDS, random);
    if (place !== undefined)
      attempt(month, deed.name, () => month.kept.get(place.repository)?.during(deed.leaves, () => deed.act(place)));
    if (random.chance(30)) await hear(month, random.pick(["image", "text"]), random.pick(["base", "branch"]));
  }
  if (random.below(25) === 0) {
    const deed = chooseWeighted(PRIMARY_DEEDS, random);
    attempt(month, deed.name, () => deed.act(world, next));
  }
  if (random.below(300) === 0) {
    const deed = chooseWeighted(KV_DEEDS, random);
    attempt(month, deed.name, () => deed.act(world, next));
    month.isFailing = null;
    month.forgottenAt = month.minute;
  }
  if (random.below(90) === 0 && month.troubles.length < 3) beginTrouble(month);
  if (random.below(200) === 0) {
    const categories = random.chance(50) ? null : [random.pick(SYNCED)];
    const request = {
      trigger: "manual",
      categories,
      isDryRun: random.chance(20),
      isForced: random.chance(40),
    } as const;
    count(tally.deeds, "somebody asks for a run");
    noteReport(month, "by hand", await world.invoke(({ service }) => service.sync(request)));
    month.isFailing = null;
  }
}

/** GitHub's webhook, of what was done or of something else, as it comes. */
async function hear(month: Month, role: Deed["role"], where: Deed["where"]): Promise<void> {
  count(month.tally.deeds, "GitHub tells of a deed");
  noteReport(month, "as told", await month.world.invoke(({ service }) => service.hear({ role, where })));
  month.isFailing = null;
}

function attempt(month: Month, name: string, act: () => unknown): void {
  try {
    act();
  } catch {
    // What cannot be done now is not done.
    return;
  }
  count(month.tally.deeds, name);
  month.log.push(`${stamp(month)} ${name}`);
}

function beginTrouble(month: Month): void {
  const { world, minute, without } = month;
  const running = month.troubles.map(({ trouble }) => trouble.name);
  const trouble = chooseWeighted(TROUBLES, world.random);
  if (running.includes(trouble.name) || without.includes(trouble.name)) return;
  const [least, most] = trouble.minutes;
  const until = minute + least + world.random.below(most - least);
  month.troubles.push({ trouble, since: minute, until, end: trouble.begin(world) });
  count(month.tally.deeds, trouble.name);
  month.log.push(`${stamp(month)} ${trouble.name}, for ${until - minute} minutes`);
  month.isFailing = null;
}

async function endWhatIsOver(month: Month): Promise<void> {
  const { minute } = month;
  const over = month.troubles.filter(({ until }) => until <= minute);
  for (const { end, trouble } of over) {
    end();
    month.isFailing = null;
    month.log.push(`${stamp(month)} no more: ${trouble.name}`);
  }
  month.troubles = month.troubles.filter(({ until }) => until > minute);
  const free = month.held.filter(({ until }) => until <= minute);
  month.held = month.held.filter(({ until }) => until > minute);
  for (const { letGo } of free) letGo();
  if (free.length > 0) month.isFailing = null;
  await Promise.all(free.map(({ end }) => end));
}

/** A monitor: the page answers, and says that it fails while it does. */
async function poll(month: Month): Promise<void> {
  const { world, tally, minute } = month;
  tally.polls++;
  const status = await readStatus(world);
  const reasons = await readHealth(world);
  const canKnow = status !== null && !world.kv.isStale && minute - month.refusedAt > 65 && world.clock.skewMs === 0;
  if (!canKnow || world.settings.size > 0 || month.held.length > 0) return;
  const says = status.state === "failing" || status.state === "degraded";
  if (month.isFailing === true && !says) throw new Error(`The last run failed, and the page says ${status.state}.`);
  tally.checks++;
  for (const { trouble, since } of month.troubles) {
    if (trouble.hidesTimestamp !== true) continue;
    const minutes = minute - Math.max(since, month.forgottenAt);
    if (minutes > 5 && !says) throw new Error(`${trouble.name}, and the page says ${status.state}.`);
    if (minutes > 25 && reasons.length === 0) throw new Error(`${trouble.name}, and /healthz is well.`);
    tally.checks += 2;
  }
}

/** Everything passes, and the service has time; then the truth is asked for. */
async function beQuiet(month: Month): Promise<void> {
  const { world, tally, kept } = month;
  for (const { end } of month.troubles) end();
  month.troubles = [];
  for (const { letGo } of month.held) letGo();
  await Promise.all(month.held.map(({ end }) => end));
  month.held = [];
  month.isFailing = null;
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

function endDay(month: Month): void {
  const { world, tally, minute } = month;
  const { kv, traffic } = world;
  const state = kv.values.get("state")?.value.length ?? 0;
  noteDay(tally, {
    "KV writes": kv.counts.writes,
    "KV reads": kv.counts.reads,
    "KV lists": kv.counts.lists,
    "KV deletes": kv.counts.deletes,
    "GitHub calls": traffic.github,
    "GitHub writes": traffic.writes,
    "PRIMARY calls": traffic.primary,
    messages: traffic.messages,
    "requests of one invocation": world.mostRequests,
    "characters of state": state,
  });
  expectBudget(month, "KV writes", kv.counts.writes, 1000);
  expectBudget(month, "KV lists", kv.counts.lists, 1000);
  expectBudget(month, "KV deletes", kv.counts.deletes, 1000);
  expectBudget(month, "KV reads", kv.counts.reads, 100_000);
  expectBudget(month, "requests of one invocation", world.mostRequests, 50);
  world.startDay();
  world.takeLogs();
  month.onDay?.(minute / DAY_MINUTES);
}

/** Of Workers Free. A day that is over it does not end the month, and fails it. */
function expectBudget({ tally, minute }: Month, what: string, times: number, most: number): void {
  tally.checks++;
  if (times > most) tally.overBudget.push(`day ${minute / DAY_MINUTES}: ${times} ${what}, and ${most} are free`);
}

function createGate(): { readonly promise: Promise<void>; readonly letGo: () => void } {
  let letGo = () => {};
  const promise = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { promise, letGo };
}

function stamp({ minute }: Month): string {
  return new Date(START + minute * MINUTE_MS).toISOString().slice(5, 16);
}
