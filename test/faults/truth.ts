/**
 * What must be true of a world, whatever went wrong in it before. Everything is read from the sandbox itself: git
 * objects, refs and pull requests; nothing is taken from what the service says.
 */
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { PullSummary } from "../../sandbox/github/people.ts";
import { CATEGORIES, type CategoryName } from "../../src/categories.ts";
import type { Report, RepositoryReport } from "../../src/contract/report.ts";
import { readMarker } from "../../src/sync/marker.ts";
import { BRANCH, TOKEN } from "../world/ground.ts";
import { LABELS, type World } from "./world.ts";

/** The servers of a world, and how its repositories are called. */
export type Places = Pick<World, "github" | "primary" | "image">;

/** Whether every category's file at a ref means what PRIMARY says. */
export function meansPrimary(world: Places, repository: string, ref: string): boolean {
  return categoriesUnlike(world, repository, ref).length === 0;
}

/** Those whose file at a ref means something else than what PRIMARY says. */
export function categoriesUnlike(world: Places, repository: string, ref: string): CategoryName[] {
  const role = repository === world.image ? "image" : "text";
  return CATEGORIES.filter((category) => category.role === role).flatMap(({ name, codec }) => {
    const path = codec.writes.find((written) => written.endsWith(".json")) ?? "";
    const wanted = JSON.parse(toWire(world.primary.category(name) ?? "null"));
    return isDeepStrictEqual(readJson(world, repository, ref, path), wanted) ? [] : [name];
  });
}

/** UTF-8 has no half surrogate pairs, which a name may hold. */
const toWire = (text: string) => text.toWellFormed();

function readJson(world: Places, repository: string, ref: string, path: string): unknown {
  const bytes = world.github.readFile({ repository, ref, path });
  return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
}

export const openPulls = (world: Places, repository: string) =>
  world.github.pullRequests(repository).filter(({ state }) => state === "open");

export const branchesOf = (world: Places, repository: string) => Object.keys(world.github.branches(repository)).sort();

/** Exactly one pull request is open, and its branch holds what PRIMARY says. */
export function expectOnePull(world: World, repository: string): PullSummary {
  const open = openPulls(world, repository);
  expect(
    open.map(({ number }) => number),
    `open in ${repository}`,
  ).toHaveLength(1);
  const [pull] = open;
  if (pull === undefined) throw new Error("unreachable");
  expect(branchesOf(world, repository)).toEqual(["main", BRANCH]);
  expect(pull.head.sha).toBe(world.github.branches(repository)[BRANCH]);
  expect(meansPrimary(world, repository, BRANCH), `the head of ${repository} means PRIMARY`).toBe(true);
  return pull;
}

/** … and its title, text and fingerprint are those of its newest commit. */
export function expectOneRightPull(world: World, repository: string): void {
  const pull = expectOnePull(world, repository);
  const ours = world.github.history(repository, BRANCH).find(({ message }) => /^Sync-Tree: /m.test(message));
  const trailer = /^Sync-Fingerprint: (\w+)$/m.exec(ours?.message ?? "")?.[1];
  expect(trailer).toMatch(/^[0-9a-f]{64}$/);
  expect(readMarker(pull.body ?? "")?.fingerprint, `the text of ${repository}`).toBe(trailer);
  expect(pull.title).toBe(ours?.message.split("\n")[0]);
}

/** Nothing is open, nothing is left lying about, and the base means PRIMARY. */
export function expectInSync(world: World, repository: string): void {
  expect(openPulls(world, repository), `open in ${repository}`).toEqual([]);
  expect(branchesOf(world, repository)).toEqual(["main"]);
  expect(meansPrimary(world, repository, "main"), `main of ${repository} means PRIMARY`).toBe(true);
}

/** No comment is there twice, and nothing that was written to GitHub holds the token. */
export function expectTidy(world: Places & Pick<World, "repositories">): void {
  for (const repository of world.repositories) {
    const written: string[] = [];
    for (const { comments, number, title, body } of world.github.pullRequests(repository)) {
      const bodies = comments.map((comment) => comment.body);
      expect(new Set(bodies).size, `comments on ${repository}#${number}`).toBe(bodies.length);
      written.push(title, body, ...bodies);
    }
    for (const branch of branchesOf(world, repository))
      written.push(...world.github.history(repository, branch).map(({ message }) => message));
    expect(written.join("\n").includes(TOKEN), `a secret in what was written to ${repository}`).toBe(false);
  }
}

/** A run's claims hold at the moment it makes them, and it stores the timestamp only when it settled everything. */
export function expectHonest(world: World, report: Report | null): void {
  if (report === null) return;
  const failed = report.repositories.filter(({ outcome }) => outcome === "failed" || outcome === "conflict");
  const failedCategories = report.repositories.flatMap(({ categories }) =>
    Object.values(categories).filter(({ failed }) => failed !== undefined),
  );
  if (report.error === undefined) {
    const total = report.repositories.length;
    const isPartial = failed.length > 0 || failedCategories.length > 0;
    const expected = failed.length === total ? "failed" : isPartial ? "partial" : /^(in-sync|published|held)$/;
    expect(report.outcome).toMatch(expected);
  } else expect(report).toMatchObject({ outcome: "failed", repositories: [] });
  for (const { error } of failed) expect(error?.message.length).toBeGreaterThan(10);
  for (const claim of report.repositories) expectTrue(world, claim, report);
  const state = world.state();
  const isFailure = report.outcome === "failed" || report.outcome === "partial";
  const isUnsure = report.warnings.some((warning) => warning.includes("may be missing on"));
  const ago = world.clock.now() - 300_000;
  if (state.isUnsettled) {
    expect(isFailure || isUnsure, "a reason to back off").toBe(true);
    expect(Date.parse(state.nextAttemptAt ?? ""), "the next attempt").toBeGreaterThan(ago);
  } else if (state.awaiting !== null) {
    // What waits alone keeps the timestamp back.
    expect(failed.length === 0 || failed.length < report.repositories.length, "something went on").toBe(true);
    expect(state.lastUpdated).not.toBe(world.primary.lastUpdated);
    expect(Date.parse(state.awaiting.until), "their next attempt").toBeGreaterThan(ago);
  } else {
    expect(isFailure || isUnsure, "all is settled").toBe(false);
    expect(state.lastUpdated).toBe(world.primary.lastUpdated);
  }
}

function expectTrue(world: World, claim: RepositoryReport, report: Report): void {
  const { repository, outcome, pullRequest } = claim;
  const what = `${outcome} of ${repository}`;
  // What the others came to; nobody knows what the one that could not be read means.
  if (Object.values(claim.categories).some(({ failed }) => failed !== undefined)) return;
  switch (outcome) {
    case "created":
    case "updated":
    case "current": {
      const open = openPulls(world, repository);
      expect(
        open.map(({ number }) => number),
        what,
      ).toEqual([pullRequest?.number]);
      expect(meansPrimary(world, repository, BRANCH), what).toBe(true);
      if (outcome !== "created") return;
      const missing = LABELS.filter((label) => !open[0]?.labels.includes(label));
      if (missing.length > 0) expect(report.warnings.join("\n"), what).toMatch(/labels/);
      return;
    }
    case "closed":
    case "in-sync":
    case "committed":
      expect(openPulls(world, repository), what).toEqual([]);
      return void expect(meansPrimary(world, repository, "main"), what).toBe(true);
    case "failed":
    case "conflict":
    case "edited":
    case "rejected":
    case "held":
    case "below-threshold":
    case "planned":
      return;
  }
}
