/**
 * What all pages share: head, navigation, footer. No script, no external asset. Pure.
 */
import { html, raw } from "hono/html";
import { SERVICE } from "../status.ts";
import { STYLE } from "./style.ts";

/** What hono/html makes of a template: escaped text, now or soon. */
export type Markup = ReturnType<typeof html>;

export interface LayoutInput {
  /** The beginning of the window's title. */
  readonly title: string;
  /** The path of the navigation that this page is, if it is one. */
  readonly current: "/" | "/runs" | "/preview" | null;
  readonly version: string;
  readonly body: Markup;
  /** Where the same is as JSON and as text. */
  readonly footer: Markup;
}

const PAGES = [
  ["/", "Status"],
  ["/runs", "Runs"],
  ["/preview", "Preview"],
] as const;

export function renderLayout({ title, current, version, body, footer }: LayoutInput): Markup {
  const links = PAGES.map(([path, name]) => {
    return html`<a href="${path}"${path === current ? raw(' aria-current="page"') : ""}>${name}</a>`;
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${SERVICE}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><b>${SERVICE}</b><nav aria-label="Pages">${links}</nav></header>
<main id="content" tabindex="-1">
${body}
</main>
<footer class="soft small"><p>Version ${version}. ${footer}</p></footer>
</body>
</html>
`;
}

export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#1a7f37"/><path d="M4.5 8.3 7 10.8l4.6-5.2" fill="none" stroke="#fff" stroke-width="1.8"/></svg>`;
