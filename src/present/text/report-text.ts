/**
 * A Report as plain text, within 80 columns where names and URLs allow. Pure.
 */

import {
  type CategoryReport,
  fieldsWithoutValues,
  isDeed,
  type ModifiedRecord,
  type Report,
  type RepositoryOutcome,
  type RepositoryReport,
} from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { toTwoLines } from "../../core/side-by-side.ts";
import type { FieldChange } from "../../files/codec.ts";
import { summaryWording } from "../run-wording.ts";
import { repositoryWording } from "../wording.ts";
import { wrap } from "./wrap.ts";

const MAX_NAMES = 10;
/** Where each record is told with what changed in it. */
const MAX_WHOLE = 50;
/** Of a category: many say the same of many records. */
const MAX_WARNINGS = 5;
/** Of an error or a warning, which may quote what another server said. */
export const MAX_SENTENCE = 600;

/** What to do about an outcome, where it is not a Worker that is told. */
export type Todos = Readonly<Partial<Record<RepositoryOutcome, string>>>;

export interface ReportForm {
  readonly todos?: Todos;
  /** Changed fields with their old and new values, and more records. */
  readonly hasValues?: boolean;
}

export function renderReport(report: Report, form: ReportForm = {}): string {
  const { primary, github } = report.requests;
  const lines = [
    `${report.dryRun ? "dry run" : "run"} ${report.id}: ${outcomeOf(report)} in ${report.durationMs} ms`,
    `${primary} ${primary === 1 ? "request" : "requests"} to PRIMARY, ${github} to GitHub`,
  ];
  if (report.error !== undefined)
    lines.push(...wrap(toOneLine(report.error.message, MAX_SENTENCE), `error (${report.error.code}): `, 2));
  for (const warning of report.warnings) lines.push(...wrap(toOneLine(warning, MAX_SENTENCE), "warning: ", 2));
  for (const repository of report.repositories) lines.push("", ...renderRepository(repository, form));
  return `${lines.join("\n")}\n`;
}

/** A run that found its pull request as it should be published nothing. */
function outcomeOf({ outcome, repositories }: Report): string {
  const hasWritten = repositories.some((repository) => isDeed(repository.outcome));
  return outcome === "published" && !hasWritten ? summaryWording({ outcome, hasWritten }).label : outcome;
}

function renderRepository(repository: RepositoryReport, form: ReportForm): string[] {
  const wording = repositoryWording(repository);
  const { label, meaning } = wording;
  const todo = form.todos?.[repository.outcome] ?? wording.todo;
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
    lines.push(...renderDetails(report, form));
  }
  return lines;
}

/** Why a category is held or could not be read, its records, and its warnings; indented by four. */
export function renderDetails(report: CategoryReport, { hasValues = false }: ReportForm = {}): string[] {
  const { failed, held, warnings } = report;
  const lines: string[] = [];
  if (failed !== undefined)
    lines.push(...wrap(toOneLine(failed.message, MAX_SENTENCE), `    failed (${failed.code}): `, 6));
  if (held !== undefined) lines.push(...wrap(toOneLine(held, MAX_SENTENCE), "    held: ", 6));
  const records = hasValues ? recordsWithValues(report) : recordNames(report);
  const most = hasValues ? MAX_WHOLE : MAX_NAMES;
  lines.push(...records.slice(0, most).flat());
  if (records.length > most) lines.push(`    and ${records.length - most} more`);
  for (const warning of warnings.slice(0, MAX_WARNINGS))
    lines.push(...wrap(toOneLine(warning, 400), "    warning: ", 6));
  if (warnings.length > MAX_WARNINGS) lines.push(`    and ${warnings.length - MAX_WARNINGS} more warnings`);
  return lines;
}

/** The lines of each record. */
function recordNames({ added, removed, modified, renamed = [] }: CategoryReport): string[][] {
  return [
    ...added.map((name) => `+ ${toOneLine(name, 70)}`),
    ...removed.map((name) => `- ${toOneLine(name, 70)}`),
    ...renamed.map(({ from, to }) => `> ${toTwoLines(from, to, 70).join(" → ")}`),
    ...modified.map(({ name, fields }) => `~ ${toOneLine(name, 70)} (${toOneLine(fields.join(", "), 200)})`),
  ].map((record) => wrap(record, "    ", 6));
}

function recordsWithValues(report: CategoryReport): string[][] {
  const named = recordNames({ ...report, modified: [] });
  return [...named, ...report.modified.map(renderModified)];
}

/** Wide enough for most values, so that an old and a new one stand under each other. */
const VALUE_WIDTH = 64;

function renderModified({ name, fields, changes = [] }: ModifiedRecord): string[] {
  const rest = fieldsWithoutValues({ name, fields, changes });
  return [
    ...wrap(`~ ${toOneLine(name, 70)}`, "    ", 6),
    ...changes.flatMap(renderChange),
    ...(rest.length === 0 ? [] : wrap(`also ${toOneLine(rest.join(", "), 400)}`, "        ", 8)),
  ];
}

/** On one line where there is room. */
function renderChange({ field, before, after }: FieldChange): string[] {
  const name = toOneLine(field, 40);
  const [old, now] = toTwoLines(before ?? "(none)", after ?? "(none)", VALUE_WIDTH);
  const line = `        ${name}: ${old} → ${now}`;
  if ([...line].length <= 80) return [line];
  return [`        ${name}:`, `          - ${old}`, `          + ${now}`];
}
