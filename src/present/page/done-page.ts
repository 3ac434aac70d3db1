/**
 * What a form did, where the page that shows it would ask for the token again. Pure.
 */
import { html } from "hono/html";
import { type Markup, renderLayout } from "./layout.ts";
import { renderNote } from "./parts.ts";

export function renderDonePage({ message, version }: { readonly message: string; readonly version: string }): Markup {
  const body = html`<h1>Done</h1>
${renderNote("good", message)}
<p><a href="/">To the status</a></p>`;
  return renderLayout({ title: "Done", current: null, version, body, footer: html`The status asks for the token.` });
}
