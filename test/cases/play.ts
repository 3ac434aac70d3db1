/**
 * Plays a case over repositories in memory: what happens, a run, and so on. What is remembered between the runs, and
 * whether a tick runs at all, is the service's own.
 */
import { REPOSITORY_ROLES, type RepositoryRole } from "../../src/categories.ts";
import type { Config } from "../../src/config/config.ts";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import type { Ports } from "../../src/service/connect.ts";
import { lookAtGitHub } from "../../src/service/github-look.ts";
import { readKnownOrWait } from "../../src/service/known.ts";
import type { ServiceOptions } from "../../src/service/options.ts";
import { recordRun } from "../../src/service/record.ts";
import { runOnly } from "../../src/service/run-and-record.ts";
import { lookAtTimestamp } from "../../src/service/timestamp.ts";
import { createStateStore, EMPTY_STATE } from "../../src/state/store.ts";
import type { RunResult } from "../../src/sync/run.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createPerson } from "../fakes/person.ts";
import { createFakePrimary, type FakePrimary } from "../fakes/primary.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";
import { configWith } from "../fakes/settings.ts";
import type { Case, Files, Step } from "./case-folder.ts";

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

interface World {
  readonly clock: FakeClock;
  readonly primary: FakePrimary;
  readonly repositories: Readonly<Record<RepositoryRole, FakeRepository>>;
  readonly ports: Ports;
  readonly options: Omit<ServiceOptions, "config">;
}

const MINUTE = 60_000;

/** @throws Error with a sentence where a person cannot have done what the case says */
export async function playCase({ name, steps, categories }: Case): Promise<readonly Played[]> {
  const world = await createWorld(steps);
  const played: Played[] = [];
  let settings: Readonly<Record<string, string>> = { CATEGORIES_TO_SYNC: categories.join(",") };
  for (const step of steps) {
    const isFirst = step.name === "";
    if (!isFirst) world.clock.advance(10 * MINUTE);
    settings = { ...settings, ...step.settings };
    await changePrimary(step, isFirst, world);
    for (const role of REPOSITORY_ROLES) await push(step, role, isFirst, world);
    await actOnPulls(step, world, `${step.name} of the case ${name}`);
    played.push(await runStep(step, configWith(settings), world));
  }
  return played;
}

async function createWorld([first]: readonly Step[]): Promise<World> {
  const clock = createFakeClock();
  const make = (role: RepositoryRole) => createFakeRepository(role, first?.repositories[role].base, clock.now);
  const repositories = { image: await make("image"), text: await make("text") };
  const primary = createFakePrimary();
  const connected = {
    image: { ...repositories.image.ports, inspection: INSPECTION },
    text: { ...repositories.text.ports, inspection: INSPECTION },
  };
  const ports: Ports = {
    primary,
    repositories: async () => connected,
    readInstallation: null,
    requests: () => ({ primary: 0, github: 0 }),
    rateLimit: () => null,
  };
  const store = createStateStore(createFakeKv());
  const options = { store, clock, log: createFakeLog().log, fetch: nobody, tokens: new Map() };
  return { clock, primary, repositories, ports, options };
}

async function nobody(): Promise<never> {
  throw new Error("A case asks its fakes alone.");
}

/** Only a check asks for these. */
const INSPECTION = {
  ...{ repository: nobody, branch: nobody, branches: nobody, openPulls: nobody, rules: nobody },
  ...{ label: nobody, collaborator: nobody, team: nobody },
};

/** PRIMARY notes the second of a change; what it says at first is as old as the hills. */
function changePrimary({ bodies, absent }: Step, isFirst: boolean, { primary, clock }: World): void {
  const changed = [...Object.keys(bodies), ...absent];
  Object.assign(primary.bodies, bodies);
  for (const name of absent) delete primary.bodies[name];
  if (isFirst || changed.length === 0) return;
  primary.stamp = Math.floor((clock.now() - MINUTE) / 1000);
  for (const name of changed) primary.stamps.set(name, primary.stamp);
}

async function push({ repositories }: Step, role: RepositoryRole, isFirst: boolean, world: World): Promise<void> {
  const { base, branch } = repositories[role];
  const has = (files: Files) => Object.keys(files).length > 0;
  if (!isFirst && has(base)) await world.repositories[role].push("main", base);
  if (has(branch)) await world.repositories[role].push(SYNC_BRANCH, branch);
}

async function actOnPulls({ pull, repositories }: Step, world: World, place: string): Promise<void> {
  const people = REPOSITORY_ROLES.map((role) => createPerson(world.repositories[role], world.clock.now));
  for (const [index, role] of REPOSITORY_ROLES.entries()) {
    const { texts } = repositories[role];
    if (texts !== null && people[index]?.edit(texts) !== true)
      throw new Error(`${role}.pull.md of ${place} edits a pull request, and none is open there.`);
  }
  if (pull === undefined) return;
  const done: boolean[] = [];
  for (const person of people) {
    if (pull === "merged") done.push(await person.merge());
    else done.push(pull === "closed" ? person.close() : person.reopen());
  }
  if (!done.includes(true)) throw new Error(`No pull request can be ${pull} in ${place}: ${NEEDS[pull]}`);
}

const NEEDS = {
  merged: "there is no open one, or a file was changed on its branch and on the base.",
  closed: "there is no open one.",
  reopened: "the last one was not closed, or its branch is gone.",
};

async function runStep(step: Step, config: Config, world: World): Promise<Played> {
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
    ...{ step, config, result, files: filesOf(result, repositories) },
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
  await recordRun({ result, trigger: step.trigger, from: at, isTick: true }, state, options);
  return result;
}

function filesOf(result: RunResult | null, repositories: World["repositories"]): Files {
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
