/**
 * The status for browsers: what waits for whom, since when, and what to do about it. Pure.
 */
import { html } from "hono/html";
import type { CategoryName } from "../../categories.ts";
import type { RepositoryReport } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { type Pause, type RunSummary, runStartedAt } from "../../state/store.ts";
import { createLinks, type Links } from "../links.ts";
import type { CategoryStanding, Status } from "../status.ts";
import { describeNextAttempt, fromUnixSeconds } from "../time.ts";
import {
  describeCounts,
  describeObstacles,
  describeRateLimit,
  groupByRepository,
  type RepositoryView,
  releaseOf,
} from "../view.ts";
import { categoryWording, dryRunNotice, PAUSED, PUBLISHES, repositoryWording, serviceWording } from "../wording.ts";
import { renderActions } from "./actions.ts";
import { renderDetails } from "./category.ts";
import { renderTokenForm } from "./forms.ts";
import { renderHistory } from "./history.ts";
import { type Markup, renderLayout } from "./layout.ts";
import {
  MAX_SENTENCE,
  NOTHING,
  renderCommit,
  renderError,
  renderFacts,
  renderList,
  renderMark,
  renderNote,
  renderPullRequest,
  renderRepositoryName,
  renderSeen,
  renderSince,
  renderTime,
} from "./parts.ts";
import { renderReplica } from "./replica.ts";
import { renderRunTable } from "./runs-page.ts";

/** @param history runs of the last 30 days, newest first; the status itself has the latest only */
export function renderStatusPage(status: Status, history: readonly RunSummary[], now: number): Markup {
  const { label, tone, meaning, todo } = serviceWording(status);
  const notice = dryRunNotice(status.config);
  const links = createLinks(status.config.webUrl);
  const body = html`<h1>${renderMark({ label, tone })}</h1>
<p class="lead">${meaning}${todo === null ? NOTHING : html` ${todo}`}</p>
${notice === null ? NOTHING : renderNote("wait", notice)}
${status.paused === null ? NOTHING : renderPause(status.paused, now)}
${status.problems.length === 0 ? NOTHING : renderNote("bad", html`<strong>Problems</strong>${renderList(status.problems)}`)}
${status.given.length === 0 ? NOTHING : html`<section class="card" aria-labelledby="given"><h2 id="given">What is set</h2><p class="soft">Names only; values are never shown.</p>${renderList(status.given.map((name) => html`<code>${name}</code>`))}</section>`}
${status.alarms.map(renderError)}
${status.lastError === null ? NOTHING : renderError(status.lastError)}
${renderOverview(status, now)}
${groupByRepository(status).map((view) => renderRepository(view, { status, links, now }))}
${renderActions(status)}
${status.replica === null ? NOTHING : renderReplica(status.replica, links, now)}
${renderRuns(status, history, now)}
${status.warnings.length === 0 ? NOTHING : html`<section class="card" aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>${renderList(status.warnings)}</section>`}`;
  const footer = html`The same as <a href="/status">JSON</a>, or as text with <code>curl</code>. <a href="/metrics">Metrics</a>, <a href="/openapi.json">API description</a>.`;
  return renderLayout({ title: label, current: "/", version: status.version, body, footer });
}

function renderPause({ since, reason }: Pause, now: number): Markup {
  const why = reason === "" ? NOTHING : html` “${toOneLine(reason, MAX_SENTENCE)}”`;
  return renderNote(
    PAUSED.tone,
    html`<strong class="bad">${PAUSED.label}</strong> ${PAUSED.meaning}${renderSince(since, now)}${why} ${PAUSED.todo ?? ""}`,
  );
}

function renderOverview(status: Status, now: number): Markup {
  const { primaryUrl, publish, dryRun } = status.config;
  const { consecutiveErrors } = status;
  return html`<section class="card" aria-label="Overview">${renderFacts([
    [
      "PRIMARY",
      primaryUrl ?? (status.state === "misconfigured" ? "not known while the settings cannot be used" : "not set"),
    ],
    ["PRIMARY changed", renderTime(fromUnixSeconds(status.primary.lastUpdated), now, "not known yet")],
    ["Checked", renderTime(status.lastCheckedAt, now)],
    ["Last success", renderTime(status.lastSuccessAt, now)],
    ["Next attempt", describeNextAttempt(status, now)],
    ["Errors in a row", consecutiveErrors === 0 ? null : html`<span class="bad">${consecutiveErrors}</span>`],
    ["Publishes by", publish === null ? null : PUBLISHES[publish]],
    ["Dry run", dryRun === true ? "nothing is written" : null],
    ["GitHub", describeRateLimit(status, now)],
  ])}</section>`;
}

interface Place {
  readonly status: Status;
  readonly links: Links;
  readonly now: number;
}

function renderRepository({ name, branch, latest, waiting, inSync, unseen }: RepositoryView, place: Place): Markup {
  const mark =
    latest === null ? html`<span class="soft">not looked at yet</span>` : renderMark(repositoryWording(latest));
  const warnings = inSync.flatMap((category) => warningsOf(category, latest));
  return html`<section class="card" aria-label="${name}">
<div class="title"><h2>${renderRepositoryName(name, branch, place.links)}</h2>${mark}</div>
${latest === null ? NOTHING : renderLatest(latest, place)}
${
  waiting.length === 0
    ? NOTHING
    : html`<table class="stack"><caption class="skip">Categories of ${name}</caption>
<thead><tr><th scope="col">Category</th><th scope="col">State</th><th scope="col">Changes</th></tr></thead>
<tbody>${waiting.map((standing) => renderStanding(standing, latest, place))}</tbody></table>`
}
${unseen.length === 0 ? NOTHING : html`<p class="soft">${unseen.join(", ")}</p>`}
${warnings.length === 0 ? NOTHING : renderList(warnings)}
${inSync.length === 0 ? NOTHING : html`<p><span class="mark good">in sync</span> <span class="soft">${inSync.join(", ")}</span></p>`}
</section>
`;
}

function renderLatest(latest: RepositoryReport, { links, now }: Place): Markup {
  const { meaning, todo } = repositoryWording(latest);
  const { repository, since, seenAt, pullRequest, commit, error, run } = latest;
  const obstacles = pullRequest === null ? [] : describeObstacles(pullRequest);
  return html`<p>${meaning}${renderSince(since, now)}${renderSeen(seenAt, now)}</p>
${todo === null ? NOTHING : html`<p><strong>To do:</strong> ${todo}</p>`}
${error === undefined ? NOTHING : renderError(error)}
${pullRequest === null ? NOTHING : renderPullRequest(pullRequest, now)}
${obstacles.map(({ tone, text }) => renderNote(tone, text))}
${commit === null ? NOTHING : html`<p>Commit ${renderCommit(repository, commit, links)}</p>`}
${run === undefined || !isKeptStill(run, now) ? NOTHING : html`<p><a href="/runs/${run}">What changed, old and new</a></p>`}`;
}

const RUNS_KEPT_MS = 30 * 86_400_000;

function isKeptStill(run: string, now: number): boolean {
  const startedAt = runStartedAt(run);
  return startedAt !== null && now - startedAt < RUNS_KEPT_MS;
}

function renderStanding(standing: CategoryStanding, latest: RepositoryReport | null, { status }: Place): Markup {
  const report = latest?.categories[standing.category];
  const row = html`<tr><th scope="row">${standing.category}</th><td>${renderMark(categoryWording(standing.state))}</td><td>${describeCounts(standing)}</td></tr>\n`;
  if (report === undefined) return row;
  return html`${row}<tr class="details"><td colspan="3">${renderDetails(report)}
${renderRelease(standing, status)}</td></tr>\n`;
}

/** Nobody publishes what was not shown: the button leads to a preview, record by record. */
function renderRelease(standing: CategoryStanding, { config }: Status): Markup | typeof NOTHING {
  const release = releaseOf(standing);
  if (release === null) return NOTHING;
  if (!config.hasTrigger)
    return html`<p>If that is meant, set the secret HORDE_GITHUB_SYNC_TRIGGER_TOKEN, and publish it as it is: <code>${release}</code></p>`;
  const { category } = standing;
  const fields = [
    ["categories", category],
    ["force", "true"],
  ] as const;
  const buttons = [{ label: "Show what is held" }] as const;
  const next =
    config.dryRun === true ? "nothing is published while every run is a dry run" : "it can be published from there";
  return html`<p>If that is meant, look at it record by record; ${next}.</p>
${renderTokenForm({ action: "/preview", fields, purpose: `to look at ${category}`, buttons })}`;
}

function warningsOf(category: CategoryName, latest: RepositoryReport | null): string[] {
  const warnings = latest?.categories[category]?.warnings ?? [];
  return warnings.map((warning) => `${category}: ${toOneLine(warning, MAX_SENTENCE)}`);
}

function renderRuns({ runs }: Status, history: readonly RunSummary[], now: number): Markup {
  return html`<section class="card" aria-labelledby="runs"><div class="title"><h2 id="runs">Recent runs</h2><a href="/runs">All runs</a></div>
${renderHistory(history, now)}
${runs.length === 0 ? html`<p>No run yet.</p>` : renderRunTable(runs, now)}</section>`;
}
