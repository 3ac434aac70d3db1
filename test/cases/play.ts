/**
 * Plays a case over repositories in memory: what happens, a run, and so on. What is remembered between the runs, and
 * whether a tick runs at all, is the service's own.
 */
import { REPOSITORY_ROLES } from "../../src/categories.ts";
import type { Config } from "../../src/config/config.ts";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import type { Ports } from "../../src/service/connect.ts";
import { lookAtGitHub } from "../../src/service/github-look.ts";
import { readKnownOrWait } from "../../src/service/known.ts";
import type { ServiceOptions } from "../../src/service/options.ts";
import { recordRun } from "../../src/service/record.ts";
import { runOnly } from "../../src/service/run-and-record.ts";
import { lookAtTimestamp } from "../../src/service/timestamp.ts";
import { EMPTY_STATE } from "../../src/state/store.ts";
import { subjectsOf } from "../../src/state/subjects.ts";
import type { RunResult } from "../../src/sync/run.ts";
import { configWith } from "../fakes/settings.ts";
import type { Case, Files, Step } from "./case-folder.ts";
import { type CaseWorld, createCaseWorld, happen } from "./case-world.ts";

export interface Played {
  readonly step: Step;
  readonly config: Config;
  /** `null` where a tick saw nothing new. */
  readonly result: RunResult | null;
  /** A run that remembers nothing, after it; `null` where there was none. */
  readonly again: { readonly result: RunResult; readonly writes: readonly string[] } | null;
  /** What is there now, by its name in `expected`. */
  readonly files: Files;
}

/** @throws Error with a sentence where a person cannot have done what the case says */
export async function playCase({ name, steps, categories }: Case): Promise<readonly Played[]> {
  const world = await createCaseWorld(steps);
  const played: Played[] = [];
  let settings: Readonly<Record<string, string>> = { CATEGORIES_TO_SYNC: categories.join(",") };
  for (const step of steps) {
    settings = { ...settings, ...step.settings };
    await happen(step, world, `${step.name} of the case ${name}`);
    played.push(await runStep(step, configWith(settings), world));
  }
  return played;
}

async function runStep(step: Step, config: Config, world: CaseWorld): Promise<Played> {
  const { ports, primary, repositories } = world;
  const options = { ...world.options, config };
  const before = { ...primary.bodies };
  for (const name of step.down) primary.bodies[name] = null;
  const result = await runWhereDue(step, ports, options);
  const writes = () => REPOSITORY_ROLES.flatMap((role) => repositories[role].writes());
  const written = writes().length;
  const again = result === null ? null : await runOnly(requestOf(step, config), EMPTY_STATE, ports, options);
  for (const name of step.down) delete primary.bodies[name];
  Object.assign(primary.bodies, before);
  return {
    step,
    config,
    result,
    files: filesOf(result, repositories),
    again: again === null ? null : { result: again, writes: writes().slice(written) },
  };
}

function requestOf({ trigger, isForced, isDryRun }: Step, config: Config) {
  return { trigger, categories: null, isForced, isDryRun: isDryRun || config.dryRun };
}

/** As the service does: a reconcile runs, and a tick where it sees something new, neither within a back-off. */
async function runWhereDue(step: Step, ports: Ports, options: ServiceOptions): Promise<RunResult | null> {
  const at = options.clock.now();
  const found = await readKnownOrWait(at, options);
  if (found.kind !== "known") return null;
  let { state } = found.known;
  let isRetry = state.isUnsettled;
  if (step.trigger === "tick") {
    const looked = await lookAtGitHub(REPOSITORY_ROLES, state, ports, options);
    if (!looked.hasChanged && (await lookAtTimestamp(looked, ports.primary, at, options)) !== null) return null;
    ({ state } = looked);
    isRetry ||= looked.hasChanged;
  }
  const request = requestOf(step, options.config);
  const result = await runOnly({ ...request, isRetry, dueAt: at }, state, ports, options);
  const subjects = subjectsOf(options.config);
  await recordRun({ result, trigger: step.trigger, subjects, from: at, isTick: true }, state, options);
  return result;
}

function filesOf(result: RunResult | null, repositories: CaseWorld["repositories"]): Files {
  const files: Record<string, string> = {};
  for (const role of REPOSITORY_ROLES) {
    const { refs, read, pulls, comments } = repositories[role];
    const before = read("main");
    for (const [path, text] of Object.entries(refs.has(SYNC_BRANCH) ? read(SYNC_BRANCH) : {}))
      if (before[path] !== text) files[`${role}/${path}`] = text;
    const pull = pulls.at(-1);
    if (pull !== undefined) files[`${role}.pull.md`] = `# ${pull.title}\n\n${pull.body}\n`;
    if (comments.length > 0) files[`${role}.comments.md`] = `${comments.join("\n\n---\n\n")}\n`;
  }
  for (const { repository, path, after } of result?.planned ?? []) files[`${repository.split("/")[1]}/${path}`] = after;
  return files;
}
