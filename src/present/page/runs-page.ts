/**
 * Lists of runs: the page of all, and the table that the status shows of the latest. Pure.
 */
import { html } from "hono/html";
import type { RunPage, RunSummary } from "../../state/store.ts";
import { summaryWording } from "../run-wording.ts";
import { formatAge, formatDuration, formatTime } from "../time.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { NOTHING, renderMark } from "./parts.ts";

export interface RunsPageInput extends RunPage {
  readonly version: string;
  readonly now: number;
  /** Path and query of the next page, or `null` on the last. */
  readonly next: string | null;
  /** Whether this is a later page. */
  readonly isContinued: boolean;
}

export function renderRunsPage({ runs, next, isContinued, version, now }: RunsPageInput): Markup {
  const newest = isContinued ? html`<a href="/runs">Newest runs</a> ` : NOTHING;
  const older = next === null ? NOTHING : html`<a href="${next}" rel="next">Older runs</a>`;
  const body = html`<h1>Runs</h1>
<p class="lead">The runs of the last 30 days, newest first. Ticks that found nothing new leave no trace.</p>
<section class="card" aria-label="Runs">${runs.length === 0 ? html`<p>There is none here.</p>` : renderRunTable(runs, now)}
<p>${newest}${older}</p></section>`;
  const footer = html`<code>curl</code> gets the same as JSON.`;
  return renderLayout({ title: "Runs", current: "/runs", version, body, footer });
}

export function renderRunTable(runs: readonly RunSummary[], now: number): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of runs"><table class="stack nowrap">
<thead><tr><th scope="col">Started</th><th scope="col">Age</th><th scope="col">Trigger</th><th scope="col">Outcome</th><th scope="col">Changes</th><th scope="col">Duration</th></tr></thead>
<tbody>${runs.map((run) => {
    const { id, startedAt, trigger, durationMs, changes } = run;
    return html`<tr><td><a href="/runs/${id}"><time datetime="${startedAt}">${formatTime(startedAt)}</time></a></td><td>${formatAge(startedAt, now)}</td><td>${trigger}</td><td>${renderMark(summaryWording(run))}</td><td>${describeChanges(changes)}</td><td>${formatDuration(durationMs)}</td></tr>\n`;
  })}</tbody></table></div>`;
}

/** With its noun, because on a phone no heading stands above it. */
function describeChanges(changes = 0): string {
  if (changes === 0) return "";
  return changes === 1 ? "1 change" : `${changes} changes`;
}
