/**
 * What page, plain text, health and metrics need of the replica: how each repository stands, and which categories a
 * person should look at. Pure.
 */
import type { CategoryName } from "../categories.ts";
import type { ReportedError } from "../contract/report.ts";
import type { ReferenceIssue } from "../replica/convert/reference-document.ts";
import { AT_ONCE_TTLS } from "../replica/freshness/policy.ts";
import type { ReplicaCategoryStatus, ReplicaRepositoryStatus, ReplicaStatus } from "../replica/status.ts";
import type { Wording } from "./wording.ts";

export type ReplicaState = "fresh" | "idle" | "stale" | "empty";

/** The words for the replica's copy of a repository, as in `wording.ts`. */
export const REPLICA_STATES: Readonly<Record<ReplicaState, Wording>> = {
  fresh: {
    label: "fresh",
    tone: "good",
    meaning: "GitHub said lately that the copy is the newest one.",
    todo: null,
  },
  idle: {
    label: "not in use",
    tone: "good",
    meaning: "Nobody has asked for a while; the next request asks GitHub first.",
    todo: null,
  },
  stale: {
    label: "stale",
    tone: "wait",
    meaning:
      "GitHub does not confirm the copy; the last good one is served, and GitHub is asked again when clients ask.",
    todo: "Read the error; check GitHub's status and the credentials.",
  },
  empty: {
    label: "nothing to serve",
    tone: "bad",
    meaning: "GitHub does not help, and there is no copy from before; clients get 503.",
    todo: "Read the error; check the repository's name, its branch and the credentials.",
  },
};

export function replicaState(
  { stale, commit, ageSeconds }: ReplicaRepositoryStatus,
  { ttlSeconds }: Pick<ReplicaStatus, "ttlSeconds">,
): ReplicaState {
  if (stale !== null) return commit === null ? "empty" : "stale";
  return ageSeconds !== null && ageSeconds <= AT_ONCE_TTLS * ttlSeconds ? "fresh" : "idle";
}

export interface ReplicaRepositoryView extends ReplicaRepositoryStatus {
  readonly state: ReplicaState;
  /** Seven digits, as `git` shows it. */
  readonly shortCommit: string | null;
}

export interface ReplicaCategoryView {
  readonly category: CategoryName;
  /** `161 records, 3 issues, not the newest content` */
  readonly counts: string;
  /** Its own reason; `null` also where the repository's says it all. */
  readonly stale: ReportedError | null;
  /** Some, those that cost a record first. */
  readonly issues: readonly ReferenceIssue[];
  /** How many issues are not among them. */
  readonly more: number;
}

export interface ReplicaView {
  readonly repositories: readonly ReplicaRepositoryView[];
  /** Those with issues or a reason of their own to be stale. */
  readonly categories: readonly ReplicaCategoryView[];
}

const SHOWN_ISSUES = 5;
/** Characters of an issue's reason: the JSON has all of it. */
export const MAX_REASON = 120;

export function viewReplica(replica: ReplicaStatus): ReplicaView {
  const known = replica.repositories.flatMap(({ stale }) => (stale === null ? [] : [keyOf(stale)]));
  const categories = replica.categories.map((status) => viewCategory(status, known));
  return {
    repositories: replica.repositories.map((status) => {
      return { ...status, state: replicaState(status, replica), shortCommit: status.commit?.slice(0, 7) ?? null };
    }),
    categories: categories.filter(({ stale, issues, more }) => stale !== null || issues.length + more > 0),
  };
}

/** An outage is told once, and not for every category. */
function viewCategory(status: ReplicaCategoryStatus, known: readonly string[]): ReplicaCategoryView {
  const { category, records, issueCount, stale } = status;
  const worstFirst = status.issues.toSorted((one, other) => Number(other.isLeftOut) - Number(one.isLeftOut));
  const issues = worstFirst.slice(0, SHOWN_ISSUES);
  const own = stale === null || known.includes(keyOf(stale)) ? null : stale;
  const counts = [
    ...(records === null ? [] : [countOf(records, "record")]),
    ...(issueCount === 0 ? [] : [countOf(issueCount, "issue")]),
    ...(own === null ? [] : ["not the newest content"]),
  ];
  return {
    category,
    counts: counts.join(", "),
    stale: own,
    issues,
    more: issueCount - issues.length,
  };
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function keyOf({ code, message }: ReportedError): string {
  return `${code}: ${message}`;
}
