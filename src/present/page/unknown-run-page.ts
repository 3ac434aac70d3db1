/**
 * A run that nothing is known of: it may be too new, too old, or none. Pure.
 */
import { html } from "hono/html";
import { type Markup, renderLayout } from "./layout.ts";
import { NOTHING } from "./parts.ts";

export interface UnknownRunPageInput {
  /** Where it may be there in a minute; `null` where it will not. */
  readonly id: string | null;
  readonly message: string;
  readonly version: string;
}

export function renderUnknownRunPage({ id, message, version }: UnknownRunPageInput): Markup {
  const heading = id === null ? "No such run" : `Run ${id}`;
  const again = id === null ? NOTHING : html`<a href="/runs/${id}">Load it again</a>. `;
  const body = html`<h1>${heading}</h1>
<p class="lead" role="status">${message}</p>
<p>${again}<a href="/runs">All runs</a></p>`;
  return renderLayout({ title: heading, current: null, version, body, footer: html`` });
}
