/**
 * What the hooks of both repositories refuse of any text file: no newline at its end or several, white space at the
 * end of a line. Pure.
 *
 * @see https://github.com/pre-commit/pre-commit-hooks (end-of-file-fixer, trailing-whitespace)
 */

/** One phrase for each: `line 3 ends with white space`. */
export function refusedForm(text: string): string[] {
  return [...refusedEnd(text), ...refusedLines(text)];
}

function refusedEnd(text: string): string[] {
  if (text === "") return [];
  const end = /(?:\r\n|[\r\n])+$/.exec(text.slice(-4))?.[0] ?? "";
  const newlines = end.match(/\r\n|[\r\n]/g)?.length ?? 0;
  if (newlines === 0) return ["it has no newline at its end"];
  return newlines > 1 ? ["it has more than one newline at its end"] : [];
}

/** Lines end at LF, with or without CR before it. */
function refusedLines(text: string): string[] {
  const found: string[] = [];
  let line = 1;
  for (let start = 0; start < text.length; line += 1) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline;
    const end = newline >= 0 && text.charCodeAt(next - 1) === CR ? next - 1 : next;
    if (end > start && isBlank(text.charCodeAt(end - 1))) found.push(`line ${line} ends with white space`);
    start = next + 1;
  }
  return found;
}

/** As Python counts it for bytes. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= CR);
}

const CR = 0x0d;
