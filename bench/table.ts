export type Row = readonly string[];

/** A table for a terminal: the first column flush left, the others flush right. */
export function formatText(header: Row, rows: readonly Row[]): string {
  const lines = wrapHeader(header);
  const widths = header.map((_, column) => Math.max(...[...lines, ...rows].map((row) => row[column]?.length ?? 0)));
  const format = (row: Row) =>
    widths
      .map((width, column) => (column === 0 ? (row[0] ?? "").padEnd(width) : (row[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [...lines.map(format), rule, ...rows.map(format)].join("\n");
}

export function formatMarkdown(header: Row, rows: readonly Row[]): string {
  const rule = header.map((_, column) => (column === 0 ? "---" : "---:"));
  return [header, rule, ...rows].map((row) => `| ${row.map(escapeCell).join(" | ")} |`).join("\n");
}

function escapeCell(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

/** One line for each word, standing on the rule, so that titles longer than their figures do not widen the table. */
function wrapHeader(header: Row): Row[] {
  const columns = header.map((title) => title.split(" "));
  const height = Math.max(...columns.map((words) => words.length));
  return Array.from({ length: height }, (_, line) => columns.map((words) => words[line - height + words.length] ?? ""));
}
