/**
 * A world whose replica is cold: its branch has a name of its own, so that nothing an earlier world left in memory or
 * in the edge cache is about it.
 */
import { expect } from "vitest";
import type { FaultAction } from "../../sandbox/faults.ts";
import { REFERENCE, TRIGGER_TOKEN } from "../world/ground.ts";
import { describeWorlds, IMAGE, TEXT, type World, type WorldOptions } from "./world.ts";

export const V1 = "/model_references/v1";
export const V2 = "/model_references/v2";
export const REFRESH = { headers: { authorization: `Bearer ${TRIGGER_TOKEN}` } };

export interface ReplicaWorld extends World {
  readonly branch: string;
  /** What the two repositories began with, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** A person's commit. */
  push(repository: string, files: Readonly<Record<string, string>>): string;
  /** `GET /git/…`, sorted; since the last call. */
  githubReads(): string[];
}

export interface ReplicaWorldOptions extends Pick<WorldOptions, "vars"> {
  /** Repositories that only the token may see. */
  readonly hidden?: readonly string[];
}

export function describeReplicas(): (options?: ReplicaWorldOptions) => Promise<ReplicaWorld> {
  const createWorld = describeWorlds();
  let worlds = 0;
  return async ({ vars = {}, hidden = [] } = {}) => {
    worlds += 1;
    const branch = `main-${worlds}`;
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_GITHUB_BRANCH: branch, ...vars } });
    const { github } = world.sandbox;
    for (const [fullName, files] of [
      [IMAGE, REFERENCE.image],
      [TEXT, REFERENCE.text],
    ] as const) {
      const [owner = "", name = ""] = fullName.split("/");
      github.createRepository({ owner, name, branch, files, isPrivate: hidden.includes(fullName) });
    }
    return {
      ...world,
      branch,
      files: { ...REFERENCE.image, ...REFERENCE.text },
      push: (repository, files) => github.commit({ repository, branch, files }),
      githubReads: () => world.githubCalls().sort(),
    };
  };
}

/** What a client gets of a category. */
export interface Seen {
  readonly text: string;
  readonly etag: string | null;
  readonly stale: string | null;
  readonly warning: string | null;
  readonly ageSeconds: number;
}

export async function see(world: ReplicaWorld, path: string, init: RequestInit = {}): Promise<Seen> {
  const answer = await world.fetch(path, init);
  expect([path, answer.status]).toEqual([path, 200]);
  const { headers } = answer;
  return {
    text: await answer.text(),
    etag: headers.get("etag"),
    stale: headers.get("x-reference-stale"),
    warning: headers.get("warning"),
    ageSeconds: Number(headers.get("age")),
  };
}

/** The same bytes as before, marked as not confirmed. */
export function expectStale({ text, etag, stale, warning }: Seen, before: Seen | undefined, code: string): void {
  expect({ text, etag, stale }).toEqual({ text: before?.text, etag: before?.etag, stale: code });
  expect(warning).toBe('111 - "Revalidation Failed"');
}

export function breakRepository(world: ReplicaWorld, repository: string, action: FaultAction): void {
  world.sandbox.github.faults.add({ path: `/repos/${repository}/`, times: Number.POSITIVE_INFINITY, action });
}
