/**
 * What a check found, one thing at a time. Pure.
 */

export const CHECK_RESULTS = ["ok", "warning", "failed"] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];

export type Found = readonly [result: CheckResult, message: string];

export interface CheckItem {
  /** What was tried: `key`, `branch` and the like. */
  readonly name: string;
  /** On what: a URL, a repository, a login. */
  readonly subject: string;
  readonly result: CheckResult;
  /** What was found, and what to do where it is not `ok`. */
  readonly message: string;
}

export interface CheckReport {
  /** The worst of the items. */
  readonly result: CheckResult;
  readonly items: readonly CheckItem[];
}

export function toCheckReport(items: readonly CheckItem[]): CheckReport {
  const worst = CHECK_RESULTS.findLast((result) => items.some((item) => item.result === result));
  return { result: worst ?? "ok", items };
}

export function describeItem({ name, subject, result, message }: CheckItem): string {
  return `${result.padEnd(7)} ${name} ${subject}: ${message}`;
}
