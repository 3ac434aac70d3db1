/**
 * What fails, and when people are told of it. Pure.
 */
import type { ReportedError, RepositoryReport } from "../contract/report.ts";
import type { ErrorCode } from "../core/errors.ts";

/** People are told at once of what will not pass by itself, and of anything else when it failed for the third time. */
export const TOLD_AFTER_ERRORS = 3;

/** Something whole, such as a run, and its parts. */
export interface Fallible {
  readonly error?: ReportedError | null;
  readonly repositories: readonly RepositoryReport[];
}

/** All that failed, in the order in which it is told. */
export function errorsOf({ error, repositories }: Fallible): ReportedError[] {
  const errors = repositories.flatMap(({ error, categories }) => [
    error,
    ...Object.values(categories).map(({ failed }) => failed),
  ]);
  return [error, ...errors].flatMap((error) => error ?? []);
}

/** Codes of all that failed. */
export function faultsOf(of: Fallible): ErrorCode[] {
  return errorsOf(of).map(({ code }) => code);
}
