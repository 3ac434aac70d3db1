/**
 * What changed in a category: names, and where they are known, the fields' values, old and new. Pure.
 */
import { html } from "hono/html";
import {
  type CategoryReport,
  fieldsWithoutValues,
  type ModifiedRecord,
  type RenamedRecord,
} from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { toTwoLines } from "../../core/side-by-side.ts";
import type { Markup } from "./layout.ts";
import { MAX_SENTENCE, NOTHING, renderList, renderNote } from "./parts.ts";

const MAX_NAMES = 20;
const MAX_NAME = 120;

/** For the status: why it is held, warnings, and the first names. */
export function renderDetails(report: CategoryReport): Markup {
  const { added, removed, modified, renamed = [] } = report;
  const records = [
    ...added.map((name) => html`<span class="good">added</span> ${toOneLine(name, MAX_NAME)}`),
    ...removed.map((name) => html`<span class="bad">removed</span> ${toOneLine(name, MAX_NAME)}`),
    ...modified.map(({ name, fields }) => {
      return html`<span class="wait">modified</span> ${toOneLine(name, MAX_NAME)} <span class="soft">${toOneLine(fields.join(", "), 200)}</span>`;
    }),
    ...renamed.map((record) => html`<span class="wait">renamed</span> ${describeRename(record)}`),
  ];
  const shown = records.slice(0, MAX_NAMES);
  if (records.length > MAX_NAMES) shown.push(html`and ${records.length - MAX_NAMES} more`);
  return html`${renderNotes(report)}
${shown.length === 0 ? NOTHING : renderList(shown)}`;
}

/** Of a category of a run's page; all names are in the JSON. */
const MAX_LISTED = 300;

/** For a run: everything that its Report holds, up to a limit. */
export function renderChanges(report: CategoryReport): Markup {
  const { added, removed, modified, renamed = [] } = report;
  return html`${renderNotes(report)}
${renderNames("Added", added)}
${renderNames("Removed", removed)}
${renderNames("Renamed", renamed.map(describeRename))}
${modified.length === 0 ? NOTHING : renderModified(modified)}`;
}

/** Why it is held, or could not be read, and its warnings. */
function renderNotes({ held, failed, warnings }: CategoryReport): Markup {
  return html`${failed === undefined ? NOTHING : renderNote("bad", toOneLine(failed.message, MAX_SENTENCE))}
${held === undefined ? NOTHING : renderNote("wait", toOneLine(held, MAX_SENTENCE))}
${warnings.map((warning) => renderNote("wait", toOneLine(warning, MAX_SENTENCE)))}`;
}

function describeRename({ from, to, fields }: RenamedRecord): string {
  const rest = fields.length === 0 ? "" : ` (${fields.join(", ")})`;
  return toOneLine(`${toTwoLines(from, to, MAX_NAME).join(" → ")}${rest}`, 3 * MAX_NAME);
}

function renderNames(heading: string, names: readonly string[]): Markup {
  if (names.length === 0) return html``;
  const shown = names.slice(0, MAX_LISTED).map((name) => toOneLine(name, MAX_NAME));
  return html`<h4>${heading}</h4>${renderList([...shown, ...moreOf(names.length)])}`;
}

function moreOf(count: number): string[] {
  return count > MAX_LISTED ? [`and ${count - MAX_LISTED} more`] : [];
}

function renderModified(modified: readonly ModifiedRecord[]): Markup {
  const rows = modified.slice(0, MAX_LISTED).map(renderRecord);
  return html`<h4>Modified</h4><table class="stack fields"><thead><tr><th scope="col">Field</th><th scope="col">Old</th><th scope="col">New</th></tr></thead>
${rows}</table>${moreOf(modified.length).map((more) => html`<p>${more}</p>`)}`;
}

function renderRecord({ name, fields, changes = [] }: ModifiedRecord): Markup {
  const rest = fieldsWithoutValues({ name, fields, changes });
  return html`<tbody><tr><th scope="rowgroup" colspan="3">${toOneLine(name, MAX_NAME)}</th></tr>
${changes.map(({ field, before, after }) => html`<tr><td>${toOneLine(field, MAX_NAME)}</td><td data-of="old">${renderValue(before)}</td><td data-of="new">${renderValue(after)}</td></tr>\n`)}
${rest.length === 0 ? NOTHING : html`<tr><td colspan="3">${changes.length === 0 ? "" : "and "}${toOneLine(rest.join(", "), 400)}</td></tr>\n`}</tbody>\n`;
}

function renderValue(value: string | null): Markup {
  return value === null ? html`<span class="soft">absent</span>` : html`<code>${toOneLine(value, MAX_NAME)}</code>`;
}
