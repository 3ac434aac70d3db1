/**
 * A Report as plain text, within 80 columns where names and URLs allow. Pure.
 */

import type { CategoryReport, Report, RepositoryOutcome, RepositoryReport } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { toTwoLines } from "../../core/side-by-side.ts";
import { repositoryWording } from "../wording.ts";
import { wrap } from "./wrap.ts";

const MAX_NAMES = 10;
/** Of an error or a warning, which may quote what another server said. */
export const MAX_SENTENCE = 600;

/** What to do about an outcome, where it is not a Worker that is told. */
export type Todos = Readonly<Partial<Record<RepositoryOutcome, string>>>;

export function renderReport(report: Report, todos: Todos = {}): string {
  const { primary, github } = report.requests;
  const lines = [
    `${report.dryRun ? "dry run" : "run"} ${report.id}: ${report.outcome} in ${report.durationMs} ms`,
    `${primary} ${primary === 1 ? "request" : "requests"} to PRIMARY, ${github} to GitHub`,
  ];
  if (report.error !== undefined)
    lines.push(...wrap(toOneLine(report.error.message, MAX_SENTENCE), `error (${report.error.code}): `, 2));
  for (const warning of report.warnings) lines.push(...wrap(toOneLine(warning, MAX_SENTENCE), "warning: ", 2));
  for (const repository of report.repositories) lines.push("", ...renderRepository(repository, todos));
  return `${lines.join("\n")}\n`;
}

function renderRepository(repository: RepositoryReport, todos: Todos): string[] {
  const wording = repositoryWording(repository);
  const { label, meaning } = wording;
  const todo = todos[repository.outcome] ?? wording.todo;
  const lines = [`${repository.repository} (${repository.branch}): ${label}`, ...wrap(meaning, "  ")];
  if (todo !== null) lines.push(...wrap(todo, "  => ", 5));
  const { error } = repository;
  if (error !== undefined) lines.push(...wrap(toOneLine(error.message, MAX_SENTENCE), `  error (${error.code}): `, 4));
  if (repository.pullRequest !== null) lines.push(`  ${toOneLine(repository.pullRequest.url, 300)}`);
  if (repository.commit !== null) lines.push(`  commit ${repository.commit}`);
  for (const [category, report] of Object.entries(repository.categories)) {
    const { added, removed, modified, renamed = [] } = report;
    const rest = renamed.length === 0 ? "" : `, ${renamed.length} renamed`;
    lines.push(`  ${category}: ${added.length} added, ${removed.length} removed, ${modified.length} modified${rest}`);
    lines.push(...renderDetails(report));
  }
  return lines;
}

/** Why a category is held or could not be read, its warnings, and the names of its records; indented by four. */
export function renderDetails(report: CategoryReport): string[] {
  const { added, removed, modified, renamed = [], held, failed, warnings } = report;
  const lines: string[] = [];
  if (failed !== undefined)
    lines.push(...wrap(toOneLine(failed.message, MAX_SENTENCE), `    failed (${failed.code}): `, 6));
  if (held !== undefined) lines.push(...wrap(toOneLine(held, MAX_SENTENCE), "    held: ", 6));
  for (const warning of warnings) lines.push(...wrap(toOneLine(warning, 400), "    warning: ", 6));
  const records = [
    ...added.map((name) => `+ ${toOneLine(name, 70)}`),
    ...removed.map((name) => `- ${toOneLine(name, 70)}`),
    ...renamed.map(({ from, to }) => `> ${toTwoLines(from, to, 70).join(" → ")}`),
    ...modified.map(({ name, fields }) => `~ ${toOneLine(name, 70)} (${toOneLine(fields.join(", "), 200)})`),
  ];
  for (const record of records.slice(0, MAX_NAMES)) lines.push(...wrap(record, "    ", 6));
  if (records.length > MAX_NAMES) lines.push(`    and ${records.length - MAX_NAMES} more`);
  return lines;
}
