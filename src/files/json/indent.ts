/** Where lines begin, told from the white space before an element. */

/**
 * The indentation of the element at `position`, or `null` when something stands before it on its line.
 *
 * Looks no further back than the white space goes, because a line can be as long as the file.
 */
export function indentAt(text: string, position: number): string | null {
  let start = position;
  while (start > 0 && isBlank(text.charCodeAt(start - 1))) start -= 1;
  return start > 0 && text.charAt(start - 1) === "\n" ? text.slice(start, position) : null;
}

/** The line ending before the element at `position`, where it begins its line. */
export function eolBefore(text: string, position: number): string | undefined {
  const indent = indentAt(text, position);
  if (indent === null) return undefined;
  return text.charAt(position - indent.length - 2) === "\r" ? "\r\n" : "\n";
}

/** A space or a tab. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
