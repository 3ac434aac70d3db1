/**
 * What is due: a look at PRIMARY's timestamp, a look at what waits on GitHub, a run.
 */
import { REPOSITORY_ROLES, type RepositoryRole } from "../category-names.ts";
import type { Config } from "../config/config.ts";
import { draw, SCHEDULED_RUNS } from "../state/bucket.ts";
import type { SyncState } from "../state/store.ts";
import { connect, type Ports } from "./connect.ts";
import { lookAtGitHub } from "./github-look.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import { type Known, readKnownOrWait, readPause } from "./known.ts";
import type { Look, Quiet, Standby } from "./look.ts";
import type { ServiceOptions } from "./options.ts";
import { isUnknown, saveState } from "./record.ts";
import { runAndRecord } from "./run-and-record.ts";
import { isAtWork } from "./run-mark.ts";
import { isFirstIn } from "./schedule.ts";
import { lookAtTimestamp } from "./timestamp.ts";

/** @param at when it was due (ms since the epoch) */
export async function watch(at: number, options: ServiceOptions): Promise<Look> {
  const found = await readKnownOrWait(at, options);
  if (found.kind !== "known") return found;
  const { mark } = found.known;
  const ports = connect(options);
  const isLookDue = isGitHubDue(at, options.config);
  const looked = isLookDue
    ? await lookAtGitHub(REPOSITORY_ROLES, found.known.state, ports, options)
    : { ...found.known, hasChanged: false, isNews: false };
  if (!looked.hasChanged) {
    const quiet = await lookAtTimestamp(looked, ports.primary, at, options);
    if (quiet !== null) return quiet;
  }
  const isRetry = looked.state.isUnsettled || looked.hasChanged;
  const due = { trigger: "tick", known: { ...looked, mark }, ports, at, isRetry, isTick: true } as const;
  return runUnlessStopped(due, options);
}

function isGitHubDue(at: number, { watch, publish, dryRun }: Config): boolean {
  if (dryRun || publish !== "pull-request") return false;
  return isFirstIn(watch.githubCheckSeconds, at, Math.max(60, watch.intervalSeconds));
}

/** A run whatever the timestamp says, but not within a back-off. @param at when it was due (ms since the epoch) */
export async function reconcile(at: number, options: ServiceOptions): Promise<Look> {
  const found = await readKnownOrWait(at, options);
  if (found.kind !== "known") return found;
  const { known } = found;
  const ports = connect(options);
  const { isUnsettled: isRetry } = known.state;
  return runUnlessStopped({ trigger: "reconcile", known, ports, at, isRetry, isTick: true }, options);
}

/** What of ours was touched, as GitHub's webhook tells. */
export interface Touched {
  readonly role: RepositoryRole;
  /** `base`: commits on the base branch that touch our files; `branch`: the sync branch, or a pull request from it. */
  readonly where: "base" | "branch";
  /** Of the pull request that it is about. */
  readonly pull?: number;
}

/** As a tick looks, but at once, and only at what was told. `known`: nothing has changed since the last run. */
export async function hear(
  { role, where, pull }: Touched,
  options: ServiceOptions,
): Promise<Look | { readonly kind: "known" }> {
  const at = options.clock.now();
  const found = await readKnownOrWait(at, options, false);
  if (found.kind !== "known") return found;
  const { mark } = found.known;
  // What a run does there itself is told as well, before it is over; what people did meanwhile the next look sees.
  if (options.config.dryRun || isAtWork(mark, found.known.state, at)) return { kind: "known" };
  const ports = connect(options);
  const looked =
    where === "base"
      ? { ...found.known, hasChanged: true, isNews: false }
      : await lookAtGitHub([role], found.known.state, ports, options);
  if (!looked.hasChanged && !isOther(pull, role, looked.state, options.config)) return { kind: "known" };
  const due = { trigger: "tick", known: { ...looked, mark }, ports, at, isRetry: true, isTick: false } as const;
  return runUnlessStopped(due, options);
}

/** A look asks for the pull request that is known; an older one may have been reopened, or a person opened one. */
function isOther(pull: number | undefined, role: RepositoryRole, { repositories }: SyncState, config: Config): boolean {
  const { owner, name } = config.repositories[role];
  const known = repositories.find(({ repository }) => repository === `${owner}/${name}`)?.pullRequest?.number;
  return pull !== undefined && pull !== known;
}

interface Due {
  readonly trigger: "tick" | "reconcile";
  readonly known: Known & { readonly isNews?: boolean };
  readonly ports: Ports;
  readonly at: number;
  /** Nothing is taken on trust. */
  readonly isRetry: boolean;
  /** The cron asks, so that it is alive. */
  readonly isTick: boolean;
}

async function runUnlessStopped(
  { trigger, known, ports, at, isRetry, isTick }: Due,
  options: ServiceOptions,
): Promise<Exclude<Look, Quiet>> {
  const { state, mark, isNews = false } = known;
  const stop = async (standby: Standby) => {
    // What was seen on GitHub is not seen again as news, so that it must not be forgotten.
    const isDue = isRetry && !state.isUnsettled;
    if (isDue && !isUnknown(state)) await saveState({ ...state, isUnsettled: true }, state, options);
    else if (isTick) await noteHeartbeat(state, options, isNews);
    return standby;
  };
  const pause = await readPause(options);
  // KV answers again in a moment, if it told the state just now; where it tells nothing, the run goes on without it.
  if (pause === "unknown" && !isUnknown(state))
    return stop({ kind: "backed-off", until: new Date(at + 60_000).toISOString() });
  if (pause !== null && pause !== "unknown") return stop({ kind: "paused", since: pause.since });
  const drawn = draw(state.bucket, at, SCHEDULED_RUNS);
  // A reconcile comes four times a day, and would be missed.
  if (drawn.kind === "empty" && trigger === "tick")
    return stop({ kind: "spent", until: new Date(drawn.until).toISOString() });
  const bucket = drawn.kind === "drawn" ? drawn.bucket : state.bucket;
  const { dryRun: isDryRun } = options.config;
  const request = { trigger, categories: null, isDryRun, isForced: false, isRetry, dueAt: at };
  return {
    kind: "ran",
    report: await runAndRecord({ request, state: { ...state, bucket }, mark, ports, from: at, isTick }, options),
  };
}
