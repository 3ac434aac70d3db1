/**
 * The replica as plain text, within 80 columns where names allow. Says what the page says. Pure.
 */

import { toOneLine } from "../../core/inert.ts";
import type { ReplicaStatus } from "../../replica/status.ts";
import {
  MAX_REASON,
  REPLICA_STATES,
  type ReplicaCategoryView,
  type ReplicaRepositoryView,
  viewReplica,
} from "../replica-view.ts";
import { formatAge, formatTime } from "../time.ts";
import { MAX_SENTENCE } from "./report-text.ts";
import { wrap } from "./wrap.ts";

export function renderReplica(replica: ReplicaStatus, now: number): string[] {
  const { repositories, categories } = viewReplica(replica);
  return [
    "replica, as one isolate of the Worker knows it",
    ...repositories.flatMap((repository) => repositoryLines(repository, now)),
    ...categories.flatMap(categoryLines),
  ];
}

function repositoryLines(view: ReplicaRepositoryView, now: number): string[] {
  const { repository, branch, state, shortCommit, checkedAt, stale } = view;
  const { label, meaning, todo } = REPLICA_STATES[state];
  const age = checkedAt === null ? "" : `, confirmed ${formatTime(checkedAt)} (${formatAge(checkedAt, now)})`;
  const commit = shortCommit === null ? "" : `, commit ${shortCommit}`;
  const lines = wrap(`${repository} (${branch}): ${label}${commit}${age}`, "  ", 4);
  if (stale === null) return lines;
  lines.push(...wrap(meaning, "    "));
  if (todo !== null) lines.push(...wrap(todo, "    => ", 7));
  return [...lines, ...wrap(toOneLine(stale.message, MAX_SENTENCE), `    error (${stale.code}): `, 6)];
}

function categoryLines({ category, counts, stale, issues, more }: ReplicaCategoryView): string[] {
  const lines = [`  ${[category, counts].filter((part) => part !== "").join(": ")}`];
  if (stale !== null) lines.push(...wrap(toOneLine(stale.message, MAX_SENTENCE), `    stale (${stale.code}): `, 6));
  for (const { name, reason, isLeftOut } of issues) {
    const what = isLeftOut ? "left out: " : "";
    lines.push(...wrap(`${what}${toOneLine(name, 70)}: ${toOneLine(reason, MAX_REASON)}`, "    ", 6));
  }
  return more === 0 ? lines : [...lines, `    and ${more} more`];
}
