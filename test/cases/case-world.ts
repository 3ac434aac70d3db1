/**
 * Where a case is played: PRIMARY and two repositories in memory, and what happens to them before each run.
 */

import { REPOSITORY_ROLES, type RepositoryRole } from "../../src/categories.ts";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import type { Ports } from "../../src/service/connect.ts";
import type { ServiceOptions } from "../../src/service/options.ts";
import { createStateStore } from "../../src/state/store.ts";
import { createRequestBudget } from "../../src/sync/request-budget.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createPerson } from "../fakes/person.ts";
import { createFakePrimary, type FakePrimary } from "../fakes/primary.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";
import type { Files, Step } from "./case-folder.ts";

export interface CaseWorld {
  readonly clock: FakeClock;
  readonly primary: FakePrimary;
  readonly repositories: Readonly<Record<RepositoryRole, FakeRepository>>;
  readonly ports: Ports;
  readonly options: Omit<ServiceOptions, "config">;
}

const MINUTE = 60_000;

export async function createCaseWorld([first]: readonly Step[]): Promise<CaseWorld> {
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
    requestsTo: () => 0,
    budget: createRequestBudget(() => 0, Number.POSITIVE_INFINITY),
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
  repository: nobody,
  branch: nobody,
  branches: nobody,
  openPulls: nobody,
  rules: nobody,
  label: nobody,
  collaborator: nobody,
  team: nobody,
};

/** @throws Error with a sentence where a person cannot have done what the step says @param place names it */
export async function happen(step: Step, world: CaseWorld, place: string): Promise<void> {
  const isFirst = step.name === "";
  if (!isFirst) world.clock.advance(10 * MINUTE);
  changePrimary(step, isFirst, world);
  for (const role of REPOSITORY_ROLES) await push(step, role, isFirst, world);
  await actOnPulls(step, world, place);
}

/** PRIMARY notes the second of a change; what it says at first is as old as the hills. */
function changePrimary({ bodies, absent }: Step, isFirst: boolean, { primary, clock }: CaseWorld): void {
  const changed = [...Object.keys(bodies), ...absent];
  Object.assign(primary.bodies, bodies);
  for (const name of absent) delete primary.bodies[name];
  if (isFirst || changed.length === 0) return;
  primary.stamp = Math.floor((clock.now() - MINUTE) / 1000);
  for (const name of changed) primary.stamps.set(name, primary.stamp);
}

async function push({ repositories }: Step, role: RepositoryRole, isFirst: boolean, world: CaseWorld): Promise<void> {
  const { base, branch } = repositories[role];
  const has = (files: Files) => Object.keys(files).length > 0;
  if (!isFirst && has(base)) await world.repositories[role].push("main", base);
  if (has(branch)) await world.repositories[role].push(SYNC_BRANCH, branch);
}

async function actOnPulls({ pull, repositories }: Step, world: CaseWorld, place: string): Promise<void> {
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
