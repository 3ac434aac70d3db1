/**
 * A form that was refused: why, and the same form again where the token was the reason, so that nothing is lost. Pure.
 */
import { html } from "hono/html";
import { toOneLine } from "../../core/inert.ts";
import { renderTokenForm } from "./forms.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { MAX_SENTENCE, NOTHING, renderNote } from "./parts.ts";

export interface FormErrorPageInput {
  readonly status: number;
  readonly message: string;
  /** What was sent, but for the token; `null` where sending it again would not help. */
  readonly again: {
    /** Path and query. */
    readonly action: string;
    readonly fields: readonly (readonly [name: string, value: string])[];
  } | null;
  readonly version: string;
}

/** By path; any other form only shows something. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["/sync", "Sync"],
  ["/preview", "Preview"],
  ["/pause", "Pause"],
  ["/resume", "Resume"],
]);

export function renderFormErrorPage({ status, message, again, version }: FormErrorPageInput): Markup {
  const given = new Map(again?.fields ?? []);
  const isForced = given.get("force") === "true" && given.has("expected");
  const label = isForced
    ? `Publish what is held of ${toOneLine(given.get("categories") ?? "", 80)}, by force`
    : (LABELS.get(again?.action.split("?")[0] ?? "") ?? "Show");
  const body = html`<h1>Not done</h1>
${renderNote("bad", html`<span id="why" role="alert">${toOneLine(message, MAX_SENTENCE)}</span>`)}
${
  again === null
    ? NOTHING
    : html`<section class="card" aria-label="Once more"><p>Nothing was started or changed. What was asked for still stands in this form.</p>
${renderTokenForm({ ...again, buttons: [{ label }], describedBy: "why" })}</section>`
}
<p><a href="/">Back to the status</a></p>`;
  const footer = html`Answered with status ${status}.`;
  return renderLayout({ title: "Not done", current: null, version, body, footer });
}
