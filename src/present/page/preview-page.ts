/**
 * A dry run for browsers: its Report, and the would-be unified diff of every file. Pure.
 */
import { html } from "hono/html";
import type { Report } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import type { FileDiff } from "../../files/unified-diff.ts";
import { RUN_OUTCOMES } from "../wording.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { NOTHING, renderMark, renderNote } from "./parts.ts";
import { renderReportBody } from "./run-page.ts";

export interface RepositoryDiff {
  /** `owner/name` */
  readonly repository: string;
  readonly diff: FileDiff;
}

export interface PreviewPageInput {
  readonly report: Report;
  readonly diffs: readonly RepositoryDiff[];
  readonly version: string;
  readonly now: number;
}

export function renderPreviewPage({ report, diffs, version, now }: PreviewPageInput): Markup {
  const { label, tone, meaning } = RUN_OUTCOMES[report.outcome];
  const body = html`<h1>Preview</h1>
<p class="lead">${renderMark({ label, tone })}. ${meaning}</p>
<p>This is a dry run against the base branches: nothing was written. What is held is not shown; <a href="/preview?force=true">a forced preview</a> shows it too.</p>
${diffs.length === 0 ? html`<p>No file would change.</p>` : diffs.map(renderDiff)}
${renderReportBody(report, now)}`;
  const footer = html`As a patch with <code>Accept: text/plain</code>, the Report as JSON.`;
  return renderLayout({ title: "Preview", current: "/preview", version, body, footer });
}

function renderDiff({ repository, diff }: RepositoryDiff): Markup {
  const lines = diff.patch.hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const name = `${repository}: ${diff.path}`;
  return html`<details class="card" open><summary><strong>${name}</strong> <span class="good">+${count("+")}</span> <span class="bad">−${count("-")}</span></summary>
${diff.cut === null ? NOTHING : renderNote("wait", diff.cut)}
${lines.length === 0 ? NOTHING : html`<pre tabindex="0" role="region" aria-label="Diff of ${name}">${blocksOf(diff).map(({ kind, text }) => html`<span class="${kind}">${text}</span>`)}</pre>`}</details>\n`;
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
