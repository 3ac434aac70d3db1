/**
 * The replica on the status page: how old each repository's copy is, and which records of GitHub's files are not as
 * they should be. Pure.
 */
import { html } from "hono/html";
import { toOneLine } from "../../core/inert.ts";
import type { ReplicaStatus } from "../../replica/status.ts";
import type { Links } from "../links.ts";
import {
  MAX_REASON,
  REPLICA_STATES,
  type ReplicaCategoryView,
  type ReplicaRepositoryView,
  viewReplica,
} from "../replica-view.ts";
import type { Markup } from "./layout.ts";
import {
  NOTHING,
  renderCommit,
  renderError,
  renderList,
  renderMark,
  renderRepositoryName,
  renderTime,
} from "./parts.ts";

const MAX_NAME = 120;

export function renderReplica(replica: ReplicaStatus, links: Links, now: number): Markup {
  const { repositories, categories } = viewReplica(replica);
  return html`<section class="card" aria-labelledby="replica">
<div class="title"><h2 id="replica">Replica</h2><span class="soft">as one isolate of the Worker knows it</span></div>
<table class="stack"><caption class="skip">Copies of the repositories</caption>
<thead><tr><th scope="col">Repository</th><th scope="col">State</th><th scope="col">Commit</th><th scope="col">Confirmed</th></tr></thead>
<tbody>${repositories.map((repository) => renderRepository(repository, links, now))}</tbody></table>
${categories.length === 0 ? NOTHING : renderCategories(categories)}</section>
`;
}

function renderRepository(view: ReplicaRepositoryView, links: Links, now: number): Markup {
  const { repository, branch, state, commit, checkedAt, stale } = view;
  const { label, tone, meaning, todo } = REPLICA_STATES[state];
  const copied = commit === null ? NOTHING : renderCommit(repository, commit, links);
  return html`<tr><th scope="row">${renderRepositoryName(repository, branch, links)}</th><td>${renderMark({ label, tone })}</td><td>${copied}</td><td>${renderTime(checkedAt, now)}</td></tr>
${
  stale === null
    ? NOTHING
    : html`<tr class="details"><td colspan="4"><p>${meaning}</p>
${todo === null ? NOTHING : html`<p><strong>To do:</strong> ${todo}</p>`}
${renderError(stale)}</td></tr>\n`
}`;
}

function renderCategories(categories: readonly ReplicaCategoryView[]): Markup {
  return html`<table class="stack"><caption class="skip">Categories to look at</caption>
<thead><tr><th scope="col">Category</th><th scope="col">Content</th></tr></thead>
<tbody>${categories.map(renderCategory)}</tbody></table>`;
}

function renderCategory({ category, counts, stale, issues, more }: ReplicaCategoryView): Markup {
  const lines = [
    ...issues.map(({ name, reason, isLeftOut }) => {
      const mark = isLeftOut ? html`<span class="bad">left out</span> ` : NOTHING;
      return html`${mark}${toOneLine(name, MAX_NAME)}: <span class="soft">${toOneLine(reason, MAX_REASON)}</span>`;
    }),
    ...(more === 0 ? [] : [html`and ${more} more`]),
  ];
  return html`<tr><th scope="row">${category}</th><td>${counts}</td></tr>
<tr class="details"><td colspan="2">${stale === null ? NOTHING : renderError(stale)}
${lines.length === 0 ? NOTHING : renderList(lines)}</td></tr>\n`;
}
