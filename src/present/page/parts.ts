/**
 * Small parts of pages. Whatever comes from PRIMARY, GitHub or a setting is put on one line first, and escaped by the
 * template. Pure.
 */
import { html, raw } from "hono/html";
import type { ReportedPullRequest } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import type { Links } from "../links.ts";
import { formatAge, formatTime } from "../time.ts";
import type { Tone, Wording } from "../wording.ts";
import type { Markup } from "./layout.ts";

export const NOTHING = raw("");

/** Of an error or a warning, which may quote what another server said. */
export const MAX_SENTENCE = 600;

/** `3 hours ago 2026-11-21 00:33 UTC` */
export function renderTime(iso: string | null, now: number, without = "never"): Markup {
  if (iso === null) return html`${without}`;
  return html`${formatAge(iso, now)} <time class="soft" datetime="${iso}">${formatTime(iso)}</time>`;
}

/** `Since 2026-11-21 00:33 UTC (3 hours ago)`; nothing when it is not known. */
export function renderSince(iso: string | undefined, now: number): Markup | typeof NOTHING {
  if (iso === undefined) return NOTHING;
  return html` <span class="soft">Since <time datetime="${iso}">${formatTime(iso)}</time> (${formatAge(iso, now)}).</span>`;
}

/** A state with its colour and its shape, so that it can be told without the colour. */
export function renderMark({ label, tone }: Pick<Wording, "label" | "tone">): Markup {
  return html`<span class="mark ${tone}">${label}</span>`;
}

export function renderNote(tone: Tone, text: string | Markup): Markup {
  return html`<div class="note ${tone}"><p>${text}</p></div>`;
}

export function renderError({ code, message }: { readonly code: string; readonly message: string }): Markup {
  return renderNote("bad", html`<strong>${code}</strong>: ${toOneLine(message, MAX_SENTENCE)}`);
}

export function renderPullRequest({ number, url, openedAt }: ReportedPullRequest, now: number): Markup {
  const age = openedAt === undefined ? NOTHING : html`, opened ${renderTime(openedAt, now)}`;
  const name = `Pull request #${number}`;
  // Only what a browser opens as a page: a URL of another kind is text.
  const link = /^https?:\/\//.test(url) ? html`<a href="${url}">${name}</a>` : html`${name} (${toOneLine(url, 300)})`;
  return html`<p>${link}${age}</p>`;
}

/** @param href `null`: it is not known where that is */
export function renderLink(href: string | null, text: string | Markup): Markup {
  return href === null ? html`${text}` : html`<a href="${href}">${text}</a>`;
}

/** When it was so. */
export function renderSeen(iso: string | undefined, now: number): Markup | typeof NOTHING {
  if (iso === undefined) return NOTHING;
  return html` <span class="soft">Seen <time datetime="${iso}">${formatAge(iso, now)}</time>.</span>`;
}

/** `owner/name main`, each leading to GitHub. */
export function renderRepositoryName(repository: string, branch: string, links: Links): Markup {
  return html`${renderLink(links.repository(repository), repository)} <span class="soft">${renderLink(links.branch(repository, branch), branch)}</span>`;
}

/** Seven digits, as `git` shows it. */
export function renderCommit(repository: string, sha: string, links: Links): Markup {
  return renderLink(links.commit(repository, sha), html`<code>${sha.slice(0, 7)}</code>`);
}

/** A definition list; facts without a value are left out. */
export function renderFacts(facts: readonly (readonly [string, string | Markup | null])[]): Markup {
  const rows = facts.map(([name, value]) => (value === null ? NOTHING : html`<dt>${name}</dt><dd>${value}</dd>\n`));
  return html`<dl>${rows}</dl>`;
}

export function renderList(items: readonly (string | Markup)[]): Markup {
  return html`<ul>${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}
