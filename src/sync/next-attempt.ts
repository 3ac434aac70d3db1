/**
 * When what failed is tried again. Pure.
 */
import type { RepositoryReport } from "../contract/report.ts";
import { EMPTY_MEMORY, type RepositoryMemory } from "./memory.ts";

type Memories = Readonly<Record<string, RepositoryMemory>>;

/** Attempts in a row that failed, of all repositories and categories. */
export function countFailures(memory: Memories): number {
  const times = Object.values(memory).flatMap(({ retry, failures = {} }) => [retry, ...Object.values(failures)]);
  return times.reduce((sum, entry) => sum + (entry?.times ?? 0), 0);
}

/** When the first category or repository that failed is due again. */
export function nextAttemptOf(repositories: readonly RepositoryReport[], memory: Memories): number | null {
  const times = repositories.flatMap(({ repository }) => {
    const { failures, retry } = memory[repository] ?? EMPTY_MEMORY;
    // Its categories are not looked at before.
    if (retry !== undefined) return [retry.nextAttemptAt];
    return Object.values(failures ?? {}).map(({ nextAttemptAt }) => nextAttemptAt);
  });
  return firstOf(times);
}

export function firstOf(times: readonly (number | null)[]): number | null {
  const known = times.flatMap((time) => time ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
