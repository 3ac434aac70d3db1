import type { ModelTable } from "../../files/text/script/table.ts";
import type { ReferenceIssue } from "./reference-document.ts";

/** The issue of one record, its reasons in one sentence: `name is missing …; style is 5 …; and 3 more`. */
export function joinReasons(name: string, reasons: readonly string[], isLeftOut: boolean): ReferenceIssue {
  const shown = reasons.slice(0, MOST_REASONS);
  const more = reasons.length - shown.length;
  return { name, reason: [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; "), isLeftOut };
}

/** The names that stand more than once. */
export function findRepeated(names: Iterable<string>): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}

export const REPEATED = "it stands in the file more than once; the last one counts";

/** What is to tell of the rows of models.csv, whatever they are converted to. */
export function tableIssues({ rows, issues }: ModelTable): ReferenceIssue[] {
  const repeated = findRepeated(rows.flatMap(({ model }) => model?.name ?? []));
  return [
    ...issues.map(({ line, name, reason, isLeftOut }) => rowIssue({ line, name }, reason, isLeftOut)),
    ...Array.from(repeated, (name) => ({ name, reason: REPEATED, isLeftOut: false })),
  ];
}

export function rowIssue(row: { line: number; name: string }, reason: string, isLeftOut: boolean): ReferenceIssue {
  const name = row.name === "" ? `line ${row.line}` : row.name;
  return { name, reason: `models.csv line ${row.line}: ${reason}`, isLeftOut };
}

const MOST_REASONS = 5;
