/**
 * A preview as a patch. What no patch can show stands before it, in comments: what is held, and files that differ in
 * too many lines, record by record. Pure.
 */
import { toOneLine } from "../../core/inert.ts";
import { formatDiffs } from "../../files/unified-diff.ts";
import type { FoundCategory } from "../../sync/found.ts";
import { holdOf, type PreviewView, reportOf } from "../preview.ts";
import { RECORD_KINDS, type RecordView, viewChange } from "../records.ts";
import { MAX_SENTENCE } from "./report-text.ts";

const MAX_RECORDS = 300;

export function renderPreview(view: PreviewView): string {
  const { found, diffs } = view;
  const lines = found.flatMap((category) => categoryLines(category, view));
  const comments = lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join("");
  return comments + formatDiffs(diffs.map(({ diff }) => diff));
}

function categoryLines(found: FoundCategory, { report, diffs }: PreviewView): string[] {
  const { repository, category, changes } = found;
  const told = reportOf(found, report);
  const isCut = diffs.some((entry) => entry.repository === repository && entry.diff.cut !== null);
  const hold = holdOf(told);
  if (hold === null && !isCut) return [];
  const why = hold === null ? "" : ` ${told?.held === undefined ? "forced" : "held"}: ${toOneLine(hold, MAX_SENTENCE)}`;
  const more = changes.length - MAX_RECORDS;
  return [
    `${repository} ${category}:${why}`,
    ...changes.slice(0, MAX_RECORDS).flatMap((change) => recordLines(viewChange(change))),
    ...(more > 0 ? [`  and ${more} more records`] : []),
    ...(told?.digest === undefined || hold === null ? [] : [`  digest ${told.digest}`]),
  ];
}

function recordLines({ kind, name, fields, others }: RecordView): string[] {
  const rest = others.length === 0 ? [] : [`      also ${others.join(", ")}`];
  const values = fields.flatMap(({ field, before, after }) => {
    if (kind === "added" || kind === "removed") return [`      ${field}: ${before ?? after}`];
    return [`      ${field}:`, `        - ${before ?? "(none)"}`, `        + ${after ?? "(none)"}`];
  });
  return [`  ${RECORD_KINDS[kind].sign} ${name}`, ...values, ...rest];
}
