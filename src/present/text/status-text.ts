/**
 * The status as plain text, within 80 columns where names and URLs allow. Says what the page says. Pure.
 */
import type { CategoryName } from "../../categories.ts";
import type { RepositoryReport } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import type { Pause } from "../../state/store.ts";
import type { CategoryStanding, Status } from "../status.ts";
import { describeNextAttempt, formatAge, formatTime, fromUnixSeconds } from "../time.ts";
import {
  describeCounts,
  describeObstacles,
  describeRateLimit,
  groupByRepository,
  type RepositoryView,
  releaseOf,
} from "../view.ts";
import { categoryWording, dryRunNotice, PAUSED, PUBLISHES, repositoryWording, serviceWording } from "../wording.ts";
import { renderReplica } from "./replica-text.ts";
import { MAX_SENTENCE, renderDetails } from "./report-text.ts";
import { renderRunLine } from "./runs-text.ts";
import { wrap } from "./wrap.ts";

export function renderStatus(status: Status, now: number): string {
  const { label, meaning, todo } = serviceWording(status);
  const notice = dryRunNotice(status.config);
  const lines = [`${status.service} ${status.version}: ${label}`, ...wrap(meaning)];
  if (todo !== null) lines.push(...wrap(todo, "=> ", 3));
  if (notice !== null) lines.push("", ...wrap(notice, "DRY RUN       "));
  if (status.paused !== null) lines.push("", ...pauseLines(status.paused, now));
  lines.push("", ...factLines(status, now));
  for (const { code, message } of status.alarms) lines.push(...wrap(message, `${code.toUpperCase()}  `, 4));
  for (const problem of status.problems) lines.push(...wrap(problem, "PROBLEM       "));
  if (status.given.length > 0) lines.push(...wrap(status.given.join(", "), "set           "));
  for (const warning of status.warnings) lines.push(...wrap(warning, "warning       "));
  for (const view of groupByRepository(status)) lines.push("", ...repositoryLines(view, status, now));
  if (status.replica !== null) lines.push("", ...renderReplica(status.replica, now));
  lines.push("", ...runLines(status));
  return `${lines.join("\n")}\n`;
}

function pauseLines({ since, reason }: Pause, now: number): string[] {
  const when = `Since ${formatTime(since)} (${formatAge(since, now)}).`;
  const why = reason === "" ? "" : ` “${toOneLine(reason, MAX_SENTENCE)}”`;
  return [
    ...wrap(`${PAUSED.meaning} ${when}${why}`, "PAUSED        "),
    ...(PAUSED.todo === null ? [] : wrap(PAUSED.todo, "=> ", 3)),
  ];
}

function factLines(status: Status, now: number): string[] {
  const at = (iso: string | null, without = "never") =>
    iso === null ? without : `${formatTime(iso)} (${formatAge(iso, now)})`;
  const { primaryUrl, publish, dryRun } = status.config;
  const facts: [string, string | null][] = [
    [
      "PRIMARY",
      primaryUrl ?? (status.state === "misconfigured" ? "not known while the settings cannot be used" : "not set"),
    ],
    ["  changed", at(fromUnixSeconds(status.primary.lastUpdated), "not known yet")],
    ["checked", at(status.lastCheckedAt)],
    ["last success", at(status.lastSuccessAt)],
    ["next attempt", describeNextAttempt(status, now)],
    ["errors", status.consecutiveErrors === 0 ? null : `${status.consecutiveErrors} in a row`],
    [
      "error",
      status.lastError === null
        ? null
        : `${status.lastError.code}: ${toOneLine(status.lastError.message, MAX_SENTENCE)}`,
    ],
    ["publishes by", publish === null ? null : PUBLISHES[publish]],
    ["dry run", dryRun === true ? "nothing is written" : null],
    ["GitHub", describeRateLimit(status, now)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : wrap(value, name.padEnd(14))));
}

function repositoryLines(
  { name, branch, latest, waiting, inSync, unseen }: RepositoryView,
  status: Status,
  now: number,
): string[] {
  const lines = [`${name} (${branch}): ${latest === null ? "not looked at yet" : repositoryWording(latest).label}`];
  if (latest !== null) lines.push(...latestLines(latest, now));
  for (const standing of waiting)
    lines.push(...standingLines(standing, latest?.categories[standing.category], status.config));
  for (const category of inSync) lines.push(...warningLines(category, latest));
  if (unseen.length > 0) lines.push(...wrap(unseen.join(", "), "  "));
  if (inSync.length > 0) lines.push(...wrap(inSync.join(", "), "  in sync: ", 4));
  return lines;
}

function latestLines(latest: RepositoryReport, now: number): string[] {
  const { meaning, todo } = repositoryWording(latest);
  const { since, seenAt, pullRequest, commit, error } = latest;
  const lines = wrap(
    `${meaning}${since === undefined ? "" : ` Since ${formatTime(since)} (${formatAge(since, now)}).`}${seenAt === undefined ? "" : ` Seen ${formatAge(seenAt, now)}.`}`,
    "  ",
  );
  if (todo !== null) lines.push(...wrap(todo, "  => ", 5));
  if (error !== undefined) lines.push(...wrap(toOneLine(error.message, MAX_SENTENCE), `  error (${error.code}): `, 4));
  if (pullRequest !== null) {
    const age = pullRequest.openedAt === undefined ? "" : ` (opened ${formatAge(pullRequest.openedAt, now)})`;
    lines.push(...wrap(`${toOneLine(pullRequest.url, 300)}${age}`, "  "));
    for (const { tone, text } of describeObstacles(pullRequest))
      lines.push(...wrap(text, tone === "bad" ? "  ! " : "  - ", 4));
  } else if (commit !== null) lines.push(`  commit ${commit}`);
  return lines;
}

function standingLines(
  standing: CategoryStanding,
  report: RepositoryReport["categories"][CategoryName],
  { hasTrigger }: Status["config"],
): string[] {
  const head = `  ${standing.category.padEnd(16)}  ${categoryWording(standing.state).label.padEnd(20)}  `;
  const release = releaseOf(standing);
  const how = hasTrigger ? "publish" : "set HORDE_GITHUB_SYNC_TRIGGER_TOKEN, and publish";
  return [
    ...wrap(describeCounts(standing), head, 6).map((line) => line.trimEnd()),
    ...(report === undefined ? [] : renderDetails(report)),
    ...(release === null ? [] : [`    => If that is meant, ${how} it as it is:`, `       ${release}`]),
  ];
}

function warningLines(category: CategoryName, latest: RepositoryReport | null): string[] {
  const warnings = latest?.categories[category]?.warnings ?? [];
  return warnings.flatMap((warning) => wrap(toOneLine(warning, 400), `  ${category}: warning: `, 4));
}

function runLines({ runs }: Status): string[] {
  if (runs.length === 0) return ["No run yet."];
  return ["recent runs", ...runs.map((run) => `  ${renderRunLine(run)}`)];
}
