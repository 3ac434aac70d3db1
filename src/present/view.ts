/**
 * What page and text both need of a status: repositories with their categories, sorted by what waits. Pure.
 */
import type { CategoryName } from "../categories.ts";
import type { ReportedPullRequest, RepositoryReport } from "../contract/report.ts";
import { toOneLine } from "../core/inert.ts";
import type { CategoryStanding, Status } from "./status.ts";
import { formatAge } from "./time.ts";
import { categoryWording } from "./wording.ts";

export interface RepositoryView {
  /** `owner/name` */
  readonly name: string;
  readonly branch: string;
  /** `null` before the first run. */
  readonly latest: RepositoryReport | null;
  readonly waiting: readonly CategoryStanding[];
  readonly inSync: readonly CategoryName[];
  /** Before the first run: all of them. */
  readonly unseen: readonly CategoryName[];
}

/** The configured repositories; while misconfigured, those that were seen last. */
export function groupByRepository({ categories, repositories }: Status): RepositoryView[] {
  const branches = new Map<string, string>();
  for (const { repository, branch } of [...categories, ...repositories]) branches.set(repository, branch);
  return [...branches].map(([name, branch]) => {
    const latest = repositories.find(({ repository }) => repository === name) ?? null;
    const all = categories.filter(({ repository }) => repository === name);
    const own = latest === null ? [] : all;
    const isGood = ({ state }: CategoryStanding) => categoryWording(state).tone === "good";
    return {
      name,
      branch,
      latest,
      waiting: own.filter((standing) => !isGood(standing)),
      inSync: own.filter(isGood).map(({ category }) => category),
      unseen: latest === null ? all.map(({ category }) => category) : [],
    };
  });
}

/** The request that publishes a held category in spite of its removals; `null` where there is nothing to publish. */
export function releaseOf({ state, category, added, removed, modified }: CategoryStanding): string | null {
  if (state !== "held" || added + removed + modified === 0) return null;
  return `POST /sync?categories=${category}&force=true`;
}

/** What stands in the way of a merge, one sentence each. */
export function describeObstacles({ merging, checks, failedChecks = [] }: ReportedPullRequest): Obstacle[] {
  const names = failedChecks.map((name) => toOneLine(name, 80)).join(", ");
  const obstacles: (Obstacle | null)[] = [
    merging === "dirty" ? { tone: "bad", text: "It conflicts with its base branch: resolve that on GitHub." } : null,
    checks === "failed" ? { tone: "bad", text: `Checks failed: ${names}.` } : null,
    merging === "draft" ? { tone: "wait", text: "It is a draft." } : null,
    merging === "behind" ? { tone: "wait", text: "Its base asks for a branch that is up to date." } : null,
    merging === "blocked" && checks !== "failed" && checks !== "pending"
      ? { tone: "wait", text: "A review or a check that its base asks for is missing." }
      : null,
    checks === "pending" ? { tone: "wait", text: "Its checks are not done." } : null,
    merging === "unstable" && checks === "unreadable"
      ? { tone: "wait", text: "Its checks are not green; the credentials may not read which." }
      : null,
  ];
  return obstacles.flatMap((obstacle) => obstacle ?? []);
}

export interface Obstacle {
  readonly tone: "wait" | "bad";
  readonly text: string;
}

/** `1 added, 3 modified`; empty when nothing changed. */
export function describeCounts({ added, removed, modified }: Pick<CategoryStanding, "added" | "removed" | "modified">) {
  const counts = Object.entries({ added, removed, modified }).filter(([, count]) => count > 0);
  return counts.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

/** `4900 of 5000 requests left this hour`, or of which hour; `null` before the first run. */
export function describeRateLimit({ rateLimit }: Status, now: number): string | null {
  if (rateLimit === null) return null;
  const { remaining, limit, resetAt } = rateLimit;
  const left = `${remaining}${limit === null ? "" : ` of ${limit}`} requests`;
  if (resetAt === null || Date.parse(resetAt) > now) return `${left} left this hour`;
  return `${left} were left in the hour that ended ${formatAge(resetAt, now)}`;
}
