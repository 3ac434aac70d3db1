/**
 * What is told of a category's content in the status.
 */

import type { ReferenceIssue } from "../convert/reference-document.ts";
import type { ReplicaContent } from "./content.ts";

export interface Summary {
  readonly records: number;
  /** The first ones. */
  readonly issues: readonly ReferenceIssue[];
  readonly issueCount: number;
}

const LISTED_ISSUES = 20;

/** @param converted the issues of v2; those of v1 that say the same are not told twice */
export function summarize(content: ReplicaContent, converted: readonly ReferenceIssue[]): Summary {
  const told = new Set(converted.map(nameAndReason));
  const all = [...converted, ...content.issues("v1").filter((issue) => !told.has(nameAndReason(issue)))];
  return { records: content.records, issues: all.slice(0, LISTED_ISSUES), issueCount: all.length };
}

function nameAndReason({ name, reason }: ReferenceIssue): string {
  return JSON.stringify([name, reason]);
}
