/**
 * The status page for browsers: no script, no external asset, readable in light and dark. Pure.
 */
import { html } from "hono/html";
import { toOneLine } from "../sync/inert.ts";
import type { CategoryReport, RepositoryReport } from "../sync/report.ts";
import { OUTCOMES, type Status } from "./status.ts";
import { formatAge, formatTime, fromUnixSeconds } from "./time.ts";

export interface PageOptions {
  readonly now: number;
  /** Of the content security policy's `style-src`. */
  readonly nonce: string;
}

const STYLE = `
:root { color-scheme: light dark; --edge: light-dark(#d0d7de, #3d444d); --soft: light-dark(#57606a, #9198a1); --good: light-dark(#1a7f37, #3fb950); --wait: light-dark(#9a6700, #d29922); --bad: light-dark(#cf222e, #f85149); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
.state { font-weight: 600; } .in-sync, .closed, .committed, .published { color: var(--good); }
.pending, .created, .updated, .current, .planned, .held, .edited, .rejected, .below-threshold, .unknown { color: var(--wait); }
.degraded, .misconfigured, .failed, .conflict, .partial { color: var(--bad); }
section { border: 1px solid var(--edge); border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; } dt, .soft { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: .25rem 0; padding-left: 1.25rem; overflow-wrap: anywhere; } .wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; } td, th { padding: .15rem 1rem .15rem 0; white-space: nowrap; }
`;

export function renderPage(status: Status, { now, nonce }: PageOptions) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${status.state} · ${status.service}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${status.service}: <span class="state ${status.state}">${status.state}</span></h1>
${problemList(status)}
<section aria-label="Overview"><dl>
<dt>PRIMARY</dt><dd>${status.config.primaryUrl ?? "not set"}</dd>
<dt>PRIMARY changed</dt><dd>${time(fromUnixSeconds(status.primary.lastUpdated), now)}</dd>
<dt>Checked</dt><dd>${time(status.lastCheckedAt, now)}</dd>
<dt>Last success</dt><dd>${time(status.lastSuccessAt, now)}</dd>
${status.consecutiveErrors === 0 ? "" : html`<dt>Errors in a row</dt><dd class="failed">${status.consecutiveErrors}</dd>`}
${status.nextAttemptAt === null ? "" : html`<dt>Next attempt</dt><dd>${time(status.nextAttemptAt, now)}</dd>`}
<dt>Publishes by</dt><dd>${status.config.publish ?? "unknown"}${status.config.dryRun === true ? " (dry run: nothing is written)" : ""}</dd>
</dl></section>
${status.repositories.map(repositorySection)}
${runTable(status)}
<p class="soft">Version ${status.version}. The same as <a href="/status">JSON</a>, or as text with <code>curl</code>.</p>
</main>
</body>
</html>`;
}

function time(iso: string | null, now: number) {
  if (iso === null) return "never";
  return html`<time datetime="${iso}">${formatTime(iso)}</time> <span class="soft">(${formatAge(iso, now)})</span>`;
}

function problemList({ problems, warnings }: Status) {
  if (problems.length + warnings.length === 0) return "";
  return html`<section aria-label="Problems"><ul>
${problems.map((problem) => html`<li class="failed">${problem}</li>`)}
${warnings.map((warning) => html`<li>${warning}</li>`)}
</ul></section>`;
}

function repositorySection(repository: RepositoryReport) {
  const { outcome, pullRequest, error } = repository;
  return html`<section>
<h2>${repository.repository} <span class="soft">${repository.branch}</span>: <span class="${outcome}">${outcome}</span></h2>
<p>${OUTCOMES[outcome].meaning}${pullRequest === null ? "" : html` <a href="${pullRequest.url}">Pull request #${pullRequest.number}</a>`}</p>
${error === undefined ? "" : html`<p class="failed">${error.code}: ${toOneLine(error.message, 600)}</p>`}
<ul>${Object.entries(repository.categories).map(([category, report]) => categoryItem(category, report))}</ul>
</section>`;
}

const MAX_NAMES = 50;

function categoryItem(category: string, report: CategoryReport) {
  const { added, removed, modified, held, warnings } = report;
  const records = [
    ...added.map((name) => `added: ${toOneLine(name, 120)}`),
    ...removed.map((name) => `removed: ${toOneLine(name, 120)}`),
    ...modified.map(({ name, fields }) => `modified: ${toOneLine(name, 120)} (${toOneLine(fields.join(", "), 200)})`),
  ];
  return html`<li>${category}: ${added.length} added, ${removed.length} removed, ${modified.length} modified
${held === undefined ? "" : html`<p class="held">held: ${toOneLine(held, 600)}</p>`}
<ul>${warnings.map((warning) => html`<li>warning: ${toOneLine(warning, 400)}</li>`)}
${records.slice(0, MAX_NAMES).map((record) => html`<li>${record}</li>`)}
${records.length > MAX_NAMES ? html`<li>and ${records.length - MAX_NAMES} more</li>` : ""}</ul></li>`;
}

function runTable({ runs }: Status) {
  if (runs.length === 0) return html`<p>No run yet.</p>`;
  return html`<section aria-label="Recent runs"><div class="wide"><table>
<thead><tr><th scope="col">Started</th><th scope="col">Trigger</th><th scope="col">Outcome</th><th scope="col">Duration</th></tr></thead>
<tbody>${runs.map(
    (run) =>
      html`<tr><td><a href="/runs/${run.id}">${formatTime(run.startedAt)}</a></td><td>${run.trigger}</td><td class="${run.outcome}">${run.outcome}</td><td>${run.durationMs} ms</td></tr>`,
  )}</tbody>
</table></div></section>`;
}
