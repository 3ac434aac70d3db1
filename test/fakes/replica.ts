import { CATEGORY_NAMES, type CategoryName } from "../../src/categories.ts";
import { SyncError } from "../../src/core/errors.ts";
import { blobShaOfText } from "../../src/files/blob.ts";
import { createBody } from "../../src/replica/content/body.ts";
import type { Body, Form, Reference, Replica, ReplicaStatus, RunHead } from "../../src/replica/replica.ts";
import { START } from "./clock.ts";

export const REPLICA_COMMIT = "c0ffee".padEnd(40, "0");

export interface ReferenceTexts extends Partial<Omit<Reference, "category" | "body">> {
  /** The legacy body; `{}` makes the reference an empty one. */
  readonly v1?: string;
  /** The converted body, an object by name. */
  readonly v2?: string;
  /** How many records each form lacks. */
  readonly leftOut?: { readonly v1?: number; readonly v2?: number };
}

/** A reference as the replica hands it out, made of the bodies that it shall serve. */
export function referenceOf(category: CategoryName, texts: ReferenceTexts = {}): Reference {
  const { v1 = "{}", v2 = "{}", leftOut = {}, ...rest } = texts;
  const bodies: Readonly<Record<Form, Body>> = {
    v1: bodyOf(v1, leftOut.v1 ?? 0),
    "v1-grouped": bodyOf(`{"grouped": ${v1}}`, leftOut.v1 ?? 0),
    v2: bodyOf(v2, leftOut.v2 ?? 0),
  };
  return {
    category,
    commit: REPLICA_COMMIT,
    revision: blobShaOfText(v1),
    isEmpty: Object.keys(JSON.parse(v1)).length === 0,
    body: async (form) => bodies[form],
    checkedAt: START,
    stale: null,
    source: "hit",
    ...rest,
  };
}

function bodyOf(text: string, leftOut: number): Body {
  return createBody(new TextEncoder().encode(text), leftOut);
}

export interface FakeReplica extends Replica {
  /** What was read, in order. */
  readonly reads: readonly { readonly category: CategoryName; readonly refresh: boolean }[];
  readonly warmedWith: readonly (readonly RunHead[])[];
  /** How often the status was asked for. */
  statusReads(): number;
}

/** Answers what it is given: a reference, or a fault, which is thrown. */
export type FakeReferences = Partial<Record<CategoryName, Reference | Error>>;

/** @param status over that of a cold replica; an `Error` is thrown */
export function createFakeReplica(
  status: Partial<ReplicaStatus> | Error = {},
  references: FakeReferences = {},
): FakeReplica {
  const reads: { category: CategoryName; refresh: boolean }[] = [];
  const warmedWith: (readonly RunHead[])[] = [];
  let statusReads = 0;
  return {
    reads,
    warmedWith,
    statusReads: () => statusReads,
    async read(category, { refresh = false } = {}) {
      reads.push({ category, refresh });
      const answer = references[category] ?? new SyncError("github-unavailable", "GitHub did not answer in time.");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async refresh() {},
    async warm(heads) {
      warmedWith.push(heads);
    },
    async status() {
      statusReads++;
      if (status instanceof Error) throw status;
      return replicaStatus(status);
    },
  };
}

/** Of a replica that nobody has used, with what is given over it. */
export function replicaStatus(changes: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return {
    ttlSeconds: 60,
    repositories: ["haidra/image", "haidra/text"].map((repository) => replicaRepository({ repository })),
    categories: CATEGORY_NAMES.map((category) => replicaCategory({ category })),
    counters: { hits: 0, misses: 0, stale: 0, revalidations: 0, githubRequests: 0, errors: 0 },
    ...changes,
  };
}

type RepositoryStatus = ReplicaStatus["repositories"][number];
type CategoryStatus = ReplicaStatus["categories"][number];

export function replicaRepository(changes: Partial<RepositoryStatus> = {}): RepositoryStatus {
  const unknown = { commit: null, checkedAt: null, ageSeconds: null, stale: null, failingSeconds: null };
  return { repository: "haidra/image", branch: "main", ...unknown, ...changes };
}

export function replicaCategory(changes: Partial<CategoryStatus> = {}): CategoryStatus {
  return { category: "clip", commit: null, records: null, issues: [], issueCount: 0, stale: null, ...changes };
}
