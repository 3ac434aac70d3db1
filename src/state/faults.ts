/**
 * What fails, and when people are told of it. Pure.
 */
import type { ReportedError, RepositoryReport } from "../contract/report.ts";
import type { ErrorCode } from "../core/errors.ts";

/** People are told at once of what will not pass by itself, and of anything else when it failed for the third time. */
export const TOLD_AFTER_ERRORS = 3;

/** Codes of all that failed. */
export function faultsOf(of: {
  readonly error?: ReportedError | null;
  readonly repositories: readonly RepositoryReport[];
}): ErrorCode[] {
  const errors = of.repositories.flatMap(({ error, categories }) => [
    error,
    ...Object.values(categories).map(({ failed }) => failed),
  ]);
  return [of.error, ...errors].flatMap((error) => error?.code ?? []);
}
