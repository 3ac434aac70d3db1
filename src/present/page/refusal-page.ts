/**
 * The page for who may not see the others. Pure.
 */
import { html } from "hono/html";
import { renderTokenForm } from "./forms.ts";
import { type Markup, renderLayout } from "./layout.ts";
import { NOTHING } from "./parts.ts";

export interface RefusalPageInput {
  /** What is missing, and what to do about it. */
  readonly message: string;
  /** Path and query that were asked for; `null` where no token would open them. */
  readonly path: string | null;
  readonly version: string;
}

export function renderRefusalPage({ message, path, version }: RefusalPageInput): Markup {
  const body = html`<h1>Not public</h1>
<p class="lead">Who runs this service shows its status only to those who have the trigger token.</p>
<section class="card" aria-label="What to do"><p id="why">${message}</p>
${path === null ? NOTHING : renderTokenForm({ action: path, buttons: [{ label: "Show" }], describedBy: "why" })}
<p><code>curl -H "Authorization: Bearer $TRIGGER_TOKEN" -H "Accept: text/plain" …</code></p></section>`;
  const footer = html`<a href="/healthz">/healthz</a> tells everybody whether it is well.`;
  return renderLayout({ title: "Not public", current: null, version, body, footer });
}
