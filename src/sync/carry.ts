/**
 * The last report again: when PRIMARY has not touched any of the repository's categories since it was settled, or the
 * repository's next attempt is not due yet. Does I/O through a port.
 */
import { isSettled, lastingOutcome, type RepositoryReport } from "../contract/report.ts";
import type { RepositoryTask } from "./task.ts";

/**
 * Only a tick trusts PRIMARY's stamps; what people do on GitHub meanwhile is the reconcile's to find. A repository that
 * failed waits for its own next attempt, and stops no other.
 */
export async function carryForward(
  { categories, memory, primary, dueAt }: Pick<RepositoryTask, "categories" | "memory" | "primary" | "dueAt">,
  last: RepositoryReport | undefined,
): Promise<RepositoryReport | null> {
  const { settledAt, retry } = memory;
  if (primary.trustStamps && retry !== undefined && dueAt < retry.nextAttemptAt && last !== undefined) return last;
  if (!primary.trustStamps || settledAt === null || last === undefined) return null;
  const stamps = await primary.readStamps();
  if (stamps === null) return null;
  const names = categories.map(({ name }) => name);
  const isUntouched = names.every(
    (name) => Object.hasOwn(settledAt, name) && settledAt[name] === (stamps.get(name) ?? null),
  );
  if (!isUntouched || !isSettled(last.outcome) || Object.keys(settledAt).length !== names.length) return null;
  return { ...last, outcome: lastingOutcome(last.outcome) };
}
