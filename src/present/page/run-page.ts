/**
 * One run for browsers: its Report, with what each field said and says. Pure.
 */
import { html } from "hono/html";
import type { Report, RepositoryReport } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { createLinks, type Links } from "../links.ts";
import { runWording } from "../run-wording.ts";
import { formatDuration, fromUnixSeconds } from "../time.ts";
import { repositoryWording } from "../wording.ts";
import { renderChanges } from "./category.ts";
import { type Markup, renderLayout } from "./layout.ts";
import {
  MAX_SENTENCE,
  NOTHING,
  renderCommit,
  renderError,
  renderFacts,
  renderLink,
  renderMark,
  renderNote,
  renderPullRequest,
  renderRepositoryName,
  renderTime,
} from "./parts.ts";

export interface RunPageInput {
  readonly report: Report;
  /** Where people see the repositories; `null`: not known. */
  readonly webUrl: string | null;
  readonly version: string;
  readonly now: number;
}

export function renderRunPage({ report, webUrl, version, now }: RunPageInput): Markup {
  const { label, tone, meaning } = runWording(report);
  const body = html`<h1>Run ${report.id}</h1>
<p class="lead">${renderMark({ label, tone })}. ${meaning}</p>
${renderReportBody(report, createLinks(webUrl), now)}`;
  const footer = html`<code>curl</code> gets the same as JSON, and as text with <code>Accept: text/plain</code>.`;
  return renderLayout({ title: `Run ${report.id}`, current: null, version, body, footer });
}

/** Facts, faults and repositories; a preview shows the same. */
export function renderReportBody(report: Report, links: Links, now: number): Markup {
  const { primary, requests, rateLimit, error } = report;
  return html`<section class="card" aria-label="Facts">${renderFacts([
    ["Started", renderTime(report.startedAt, now)],
    ["Took", formatDuration(report.durationMs)],
    ["Trigger", report.trigger],
    ["Dry run", report.dryRun ? "nothing was written" : null],
    ["Forced", report.forced ? "removals, rejections and the threshold were overridden" : null],
    ["PRIMARY", primary.url],
    ["PRIMARY changed", renderTime(fromUnixSeconds(primary.lastUpdated), now, "not known")],
    ["Synced before", renderTime(fromUnixSeconds(primary.previous), now, "nothing yet")],
    ["Requests", `${requests.primary} to PRIMARY, ${requests.github} to GitHub`],
    ["GitHub requests left", rateLimit === undefined ? null : String(rateLimit.remaining)],
  ])}</section>
${error === undefined ? NOTHING : renderError(error)}
${report.warnings.map((warning) => renderNote("wait", toOneLine(warning, MAX_SENTENCE)))}
${report.repositories.map((repository) => renderRepository(repository, links, now))}`;
}

function renderRepository(repository: RepositoryReport, links: Links, now: number): Markup {
  const { pullRequest, commit, error, files, categories } = repository;
  const wording = repositoryWording(repository);
  const name = repository.repository;
  return html`<section class="card" aria-label="${name}">
<div class="title"><h2>${renderRepositoryName(name, repository.branch, links)}</h2>${renderMark(wording)}</div>
<p>${wording.meaning}</p>
${error === undefined ? NOTHING : renderError(error)}
${pullRequest === null ? NOTHING : renderPullRequest(pullRequest, now)}
${commit === null ? NOTHING : html`<p>Commit ${renderCommit(name, commit, links)}</p>`}
${files.length === 0 ? NOTHING : html`<p>Files: ${files.map((path, index) => html`${index === 0 ? "" : ", "}${renderLink(links.file(name, repository.branch, path), html`<code>${path}</code>`)}`)}</p>`}
${Object.entries(categories).map(([category, report]) => html`<h3>${category}</h3>${renderChanges(report)}\n`)}
</section>
`;
}
