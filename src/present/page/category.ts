/**
 * What changed in a category: names, and where they are known, the fields' values, old and new. Pure.
 */
import { html } from "hono/html";
import type { CategoryReport, RenamedRecord } from "../../contract/report.ts";
import { toOneLine } from "../../core/inert.ts";
import { toTwoLines } from "../../core/side-by-side.ts";
import { viewModified } from "../records.ts";
import type { Markup } from "./layout.ts";
import { MAX_SENTENCE, NOTHING, renderList, renderNote } from "./parts.ts";
import { renderRecords } from "./records.ts";

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
${modified.length === 0 ? NOTHING : html`<h4>Modified</h4>${renderRecords(modified.slice(0, MAX_LISTED).map(viewModified), modified.length)}`}`;
}

const FORCED = "Forced. Without that it would be held:";

/** Why it is held, or could not be read, and its warnings. */
function renderNotes({ held, overrides, failed, warnings }: CategoryReport): Markup {
  return html`${failed === undefined ? NOTHING : renderNote("bad", toOneLine(failed.message, MAX_SENTENCE))}
${held === undefined ? NOTHING : renderNote("wait", toOneLine(held, MAX_SENTENCE))}
${overrides === undefined ? NOTHING : renderNote("wait", `${FORCED} ${toOneLine(overrides, MAX_SENTENCE)}`)}
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
