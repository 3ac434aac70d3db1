/**
 * What must be true once everything that was wrong has passed, people are idle, and the service had two hours.
 */
import { expect } from "vitest";
import { expectTold } from "../faults/told.ts";
import { categoriesUnlike, expectTidy, openPulls } from "../faults/truth.ts";
import { BRANCH } from "../world/ground.ts";
import { readHealth, readPage, readStatus, type SeenStatus } from "./views.ts";
import type { SoakWorld } from "./world.ts";

/** The state is parsed by every tick, and a record is one page. */
const MAX_STATE_CHARACTERS = 100_000;
const MAX_RECORD_CHARACTERS = 200_000;

/** @returns each repository's outcome */
export async function expectRest(world: SoakWorld): Promise<SeenStatus["repositories"]> {
  expect(await readHealth(world), "reasons of /healthz").toEqual([]);
  const status = await readStatus(world);
  if (status === null) throw new Error("The state cannot be read.");
  expect(status.repositories.map(({ repository }) => repository).sort()).toEqual([...world.repositories].sort());
  let isInSync = true;
  for (const seen of status.repositories) isInSync = expectTruth(world, seen) && isInSync;
  expect(status.state, JSON.stringify(status.repositories)).toBe(isInSync ? "in-sync" : "pending");
  const page = await readPage(world);
  for (const { pullRequest } of status.repositories)
    if (pullRequest !== null) expect(page).toContain(`#${pullRequest.number}`);
  expectTidy(world);
  expectSmall(world);
  return status.repositories;
}

type SeenRepository = SeenStatus["repositories"][number];

/** @returns whether GitHub's base means what PRIMARY says, and nothing waits */
function expectTruth(
  world: SoakWorld,
  { repository, outcome, pullRequest, categories, error }: SeenRepository,
): boolean {
  const what = `${repository} is ${outcome} ${error?.message ?? ""}`;
  const open = openPulls(world, repository).filter(({ head }) => head.ref === BRANCH);
  const keptBack = Object.entries(categories).flatMap(([name, { held }]) => (held === undefined ? [] : [name]));
  const unlike = (ref: string) => categoriesUnlike(world, repository, ref).filter((name) => !keptBack.includes(name));
  for (const [name, { failed }] of Object.entries(categories)) expect(failed, `${what}: ${name}`).toBeUndefined();
  expect(open.length, what).toBeLessThan(2);
  switch (outcome) {
    case "in-sync":
    case "closed":
      expect(open, what).toEqual([]);
      expect(unlike("main"), `${what}, and main is unlike PRIMARY in`).toEqual([]);
      return keptBack.length === 0;
    case "created":
    case "updated":
    case "current":
      expect(open[0]?.number, what).toBe(pullRequest?.number);
      expect(unlike(BRANCH), `${what}, and the branch is unlike PRIMARY in`).toEqual([]);
      // A record that only db.json had wrong is repaired, and told in one sentence for all, or not at all while the
      // category is held: see `held-repair.test.ts`.
      if (repository === world.image || !/db\.json did not fit models\.csv|which is held/.test(open[0]?.body ?? ""))
        expectTold(world, repository);
      return false;
    case "held":
      expect(unlike("main"), `$what, and main is unlike PRIMARY in`).toEqual([]);
      expect(keptBack.length, what).toBeGreaterThan(0);
      return false;
    case "rejected":
      expect(open, what).toEqual([]);
      return false;
    case "edited":
      return false;
    case "committed":
    case "planned":
    case "below-threshold":
    case "conflict":
    case "failed":
      throw new Error(`It does not come to rest: ${what}`);
  }
}

function expectSmall({ kv }: SoakWorld): void {
  for (const [key, { value }] of kv.values) {
    const most = key === "state" ? MAX_STATE_CHARACTERS : MAX_RECORD_CHARACTERS;
    if (!key.startsWith("replica")) expect(value.length, `the size of ${key}`).toBeLessThan(most);
  }
}
