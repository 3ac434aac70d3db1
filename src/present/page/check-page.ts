/**
 * The page of a check: each thing that a deployment needs, whether it is so, and what to do where it is not. Pure.
 */
import { html } from "hono/html";
import type { CheckItem, CheckReport, CheckResult } from "../../check/items.ts";
import { toOneLine } from "../../core/inert.ts";
import type { Tone } from "../wording.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { MAX_SENTENCE, renderMark } from "./parts.ts";

const TONES: Readonly<Record<CheckResult, Tone>> = { ok: "good", warning: "wait", failed: "bad" };

const LEADS: Readonly<Record<CheckResult, string>> = {
  ok: "Everything that can be tried is as it should be.",
  warning: "It works; read what is marked.",
  failed: "Something is missing; each line says what to do.",
};

export function renderCheckPage({
  report,
  version,
}: {
  readonly report: CheckReport;
  readonly version: string;
}): Markup {
  const body = html`<h1>Check</h1>
<p class="lead">${LEADS[report.result]}</p>
<section class="card" aria-label="What was tried"><div class="scroll" tabindex="0" role="region" aria-label="Table of checks"><table class="stack">
<thead><tr><th scope="col">Thing</th><th scope="col">On</th><th scope="col">Result</th><th scope="col">Found</th></tr></thead>
<tbody>${report.items.map(renderItem)}</tbody></table></div></section>`;
  const footer = html`<code>curl</code> gets the same as JSON.`;
  return renderLayout({ title: "Check", current: null, version, body, footer });
}

function renderItem({ name, subject, result, message }: CheckItem): Markup {
  const mark = renderMark({ label: result, tone: TONES[result] });
  return html`<tr><th scope="row">${name}</th><td data-of="on">${toOneLine(subject, 200)}</td><td>${mark}</td><td data-of="found">${toOneLine(message, MAX_SENTENCE)}</td></tr>\n`;
}
