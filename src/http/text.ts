/**
 * Status and Report as plain text for a terminal, within 80 columns where names allow. Pure.
 */
import { toOneLine } from "../sync/inert.ts";
import type { CategoryReport, Report, RepositoryReport } from "../sync/report.ts";
import { OUTCOMES, type Status } from "./status.ts";
import { formatAge, formatTime, fromUnixSeconds } from "./time.ts";

const MAX_NAMES = 10;
/** Of an error or a warning, which may quote what another server said. */
const MAX_SENTENCE = 600;

export function renderStatus(status: Status, now: number): string {
  const at = (iso: string | null) => (iso === null ? "never" : `${formatTime(iso)} (${formatAge(iso, now)})`);
  const lines = [
    `${status.service} ${status.version}: ${status.state}`,
    "",
    `PRIMARY       ${status.config.primaryUrl ?? "not set"}`,
    `  changed     ${at(fromUnixSeconds(status.primary.lastUpdated))}`,
    `checked       ${at(status.lastCheckedAt)}`,
    `last success  ${at(status.lastSuccessAt)}`,
  ];
  if (status.consecutiveErrors > 0) lines.push(`errors        ${status.consecutiveErrors} in a row`);
  if (status.nextAttemptAt !== null) lines.push(`next attempt  ${at(status.nextAttemptAt)}`);
  if (status.config.dryRun === true) lines.push("dry run       nothing is written");
  for (const problem of status.problems) lines.push(`PROBLEM       ${problem}`);
  for (const warning of status.warnings) lines.push(`warning       ${warning}`);
  for (const repository of status.repositories) lines.push("", ...renderRepository(repository));
  if (status.runs.length > 0) lines.push("", "recent runs");
  for (const { startedAt, trigger, outcome, durationMs, id } of status.runs) {
    lines.push(
      `  ${formatTime(startedAt)}  ${trigger.padEnd(9)}  ${outcome.padEnd(9)}  ${String(durationMs).padStart(6)} ms  ${id}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

export function renderReport(report: Report): string {
  const lines = [
    `${report.dryRun ? "dry run" : "run"} ${report.id}: ${report.outcome} in ${report.durationMs} ms`,
    `${report.requests.primary} requests to PRIMARY, ${report.requests.github} to GitHub`,
  ];
  if (report.error !== undefined)
    lines.push(`error (${report.error.code}): ${toOneLine(report.error.message, MAX_SENTENCE)}`);
  for (const warning of report.warnings) lines.push(`warning: ${toOneLine(warning, MAX_SENTENCE)}`);
  for (const repository of report.repositories) lines.push("", ...renderRepository(repository));
  return `${lines.join("\n")}\n`;
}

function renderRepository(repository: RepositoryReport): string[] {
  const lines = [
    `${repository.repository} (${repository.branch}): ${repository.outcome}`,
    `  ${OUTCOMES[repository.outcome].meaning}`,
  ];
  const { error } = repository;
  if (error !== undefined) lines.push(`  error (${error.code}): ${toOneLine(error.message, MAX_SENTENCE)}`);
  if (repository.pullRequest !== null) lines.push(`  ${repository.pullRequest.url}`);
  else if (repository.commit !== null) lines.push(`  commit ${repository.commit}`);
  for (const [category, report] of Object.entries(repository.categories))
    lines.push(...renderCategory(category, report));
  return lines;
}

function renderCategory(category: string, report: CategoryReport): string[] {
  const { added, removed, modified } = report;
  const lines = [`  ${category}: ${added.length} added, ${removed.length} removed, ${modified.length} modified`];
  if (report.held !== undefined) lines.push(`    held: ${toOneLine(report.held, MAX_SENTENCE)}`);
  for (const warning of report.warnings) lines.push(`    warning: ${toOneLine(warning, 400)}`);
  const records = [
    ...added.map((name) => `+ ${toOneLine(name, 70)}`),
    ...removed.map((name) => `- ${toOneLine(name, 70)}`),
    ...modified.map(({ name, fields }) => `~ ${toOneLine(name, 70)} (${toOneLine(fields.join(", "), 200)})`),
  ];
  lines.push(...records.slice(0, MAX_NAMES).map((line) => `    ${line}`));
  if (records.length > MAX_NAMES) lines.push(`    and ${records.length - MAX_NAMES} more`);
  return lines;
}
