/**
 * Records that differ, each unfolding to what it said and says. Pure.
 */
import { html } from "hono/html";
import type { FieldChange } from "../../files/codec.ts";
import { RECORD_KINDS, type RecordView } from "../records.ts";
import type { Markup } from "./layout.ts";
import { NOTHING } from "./parts.ts";

/** Of a category; what is more is counted. */
const MAX_RECORDS = 300;
/** So few are open from the start. */
const MAX_OPEN = 3;

/** @param total how many there are, where `records` holds only some */
export function renderRecords(records: readonly RecordView[], total = records.length): Markup {
  const shown = records.slice(0, MAX_RECORDS);
  const isOpen = total <= MAX_OPEN;
  const more = total - shown.length;
  return html`<ul class="records">${shown.map((record) => html`<li>${renderRecord(record, isOpen)}</li>\n`)}${more > 0 ? html`<li>and ${more} more</li>` : NOTHING}</ul>`;
}

function renderRecord({ kind, name, fields, others }: RecordView, isOpen: boolean): Markup {
  const title = html`<span class="${RECORD_KINDS[kind].tone}">${kind}</span> ${name}`;
  if (fields.length + others.length === 0) return title;
  const rest = others.length === 0 ? NOTHING : html`<p>${fields.length === 0 ? "" : "and "}${others.join(", ")}</p>`;
  return html`<details${isOpen ? html` open` : NOTHING}><summary>${title}</summary>${fields.length === 0 ? NOTHING : renderFields(kind, fields)}${rest}</details>`;
}

/** A record that comes or goes has one value a field. */
function renderFields(kind: RecordView["kind"], fields: readonly FieldChange[]): Markup {
  if (kind === "added" || kind === "removed") {
    return html`<dl>${fields.map(({ field, before, after }) => html`<dt>${field}</dt><dd>${renderValue(before ?? after)}</dd>\n`)}</dl>`;
  }
  return html`<table class="stack fields"><thead><tr><th scope="col">Field</th><th scope="col">Old</th><th scope="col">New</th></tr></thead>
<tbody>${fields.map(({ field, before, after }) => html`<tr><td>${field}</td><td data-of="old">${renderValue(before)}</td><td data-of="new">${renderValue(after)}</td></tr>\n`)}</tbody></table>`;
}

function renderValue(value: string | null): Markup {
  return value === null ? html`<span class="soft">absent</span>` : html`<code>${value}</code>`;
}
