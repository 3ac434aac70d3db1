/**
 * A dry run for browsers: its Report, and the would-be unified diff of every file. Pure.
 */
import { html } from "hono/html";
import type { Report } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import type { FileDiff } from "../../files/unified-diff.ts";
import { describeCounts } from "../../sync/delta.ts";
import type { FoundCategory } from "../../sync/found.ts";
import { createLinks } from "../links.ts";
import { holdOf, type PreviewView, type RepositoryDiff, reportOf } from "../preview.ts";
import { viewChange } from "../records.ts";
import { describeNoFile, runWording } from "../run-wording.ts";
import { OUTCOMES } from "../wording.ts";
import { renderTokenForm } from "./forms.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { MAX_SENTENCE, NOTHING, renderMark, renderNote } from "./parts.ts";
import { renderRecords } from "./records.ts";
import { renderReportBody } from "./run-page.ts";

/** @param mayPublish whether a run by hand would write anything */
export function renderPreviewPage(view: PreviewView, mayPublish: boolean): Markup {
  const { report, diffs, found, notice, version, now } = view;
  const { label, tone, meaning } = runWording(report);
  const body = html`<h1>Preview</h1>
<p class="lead">${renderMark({ label, tone })}. ${meaning}</p>
${notice === null ? NOTHING : renderNote("bad", html`<span role="alert">${notice}</span>`)}
<p>This is a dry run against the base branches: nothing was written.</p>
${found.map((category) => renderFound(category, report, mayPublish))}
${diffs.length === 0 ? html`<p>${describeNoFile(report)}</p>` : diffs.map(renderDiff)}
${renderReportBody(report, createLinks(view.webUrl), now)}`;
  const footer = html`As a patch with <code>Accept: text/plain</code>, the Report as JSON.`;
  return renderLayout({ title: "Preview", current: "/preview", version, body, footer });
}

/** Record by record, and what is held with the button that publishes just this. */
function renderFound(found: FoundCategory, report: Report, mayPublish: boolean): Markup {
  const { repository, category, changes } = found;
  const told = reportOf(found, report);
  const hold = holdOf(told);
  const mark = hold === null ? NOTHING : renderMark(OUTCOMES.held);
  return html`<section class="card" aria-label="Records of ${category}">
<div class="title"><h2>${category} <span class="soft">${describeCounts(changes)} in ${repository}</span></h2>${mark}</div>
${hold === null ? NOTHING : renderNote("wait", toOneLine(hold, MAX_SENTENCE))}
${renderRecords(changes.map(viewChange))}
${hold === null || told?.digest === undefined || !mayPublish ? NOTHING : renderRelease(category, told.digest)}
</section>
`;
}

/** If it is something else by then, it is shown again. */
function renderRelease(category: string, digest: string): Markup {
  const fields = [
    ["categories", category],
    ["force", "true"],
    ["expected", digest],
  ] as const;
  const buttons = [{ label: "Publish what is held" }] as const;
  return renderTokenForm({ action: "/sync", fields, purpose: `to publish ${category}`, buttons });
}

function renderDiff({ repository, diff }: RepositoryDiff): Markup {
  const lines = diff.patch.hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const name = `${repository}: ${diff.path}`;
  // Of what was not compared nobody knows how many lines it is.
  const counts =
    lines.length === 0
      ? NOTHING
      : html` <span class="good">+${count("+")}</span> <span class="bad">−${count("-")}</span>`;
  return html`<details class="card" open><summary><strong>${name}</strong>${counts}</summary>
${diff.cut === null ? NOTHING : renderNote("wait", diff.cut)}
${lines.length === 0 ? NOTHING : html`<pre tabindex="0" role="region" aria-label="Diff of ${name}">${blocksOf(diff).map(({ kind, text }) => html`<span class="${kind}">${text}</span>`)}</pre>`}</details>
`;
}

interface Block {
  readonly kind: "add" | "del" | "hunk" | "same";
  readonly text: string;
}

/** Neighbouring lines of a kind in one block, so that a long diff is a short page. */
function blocksOf({ patch }: FileDiff): Block[] {
  const blocks: { kind: Block["kind"]; lines: string[] }[] = [];
  const put = (kind: Block["kind"], line: string) => {
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  };
  for (const { oldStart, oldLines, newStart, newLines, lines } of patch.hunks) {
    put("hunk", `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`);
    for (const line of lines) put(KINDS.get(line.charAt(0)) ?? "same", toShownLine(line));
  }
  return blocks.map(({ kind, lines }) => ({ kind, text: lines.join("\n") }));
}

const KINDS: ReadonlyMap<string, Block["kind"]> = new Map([
  ["+", "add"],
  ["-", "del"],
  ["\\", "hunk"],
]);

const MAX_LINE = 400;

/** Tabs stay; other control and direction characters are spelled out. A carriage return at the end is not shown. */
function toShownLine(line: string): string {
  const cells = line
    .slice(0, MAX_LINE + 1)
    .replace(/\r$/, "")
    .split("\t");
  const shown = cells.map((cell) => toOneLine(cell, MAX_LINE)).join("\t");
  return line.length > MAX_LINE + 1 ? `${shown}…` : shown;
}
