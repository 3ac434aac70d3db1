/**
 * Plain text for a terminal of 80 columns. Pure.
 */
const COLUMNS = 80;

/**
 * Break at spaces so that no line is longer than 80 columns; a longer word, such as a URL, stays whole.
 *
 * @param first what the first line begins with; the others are indented as far as `indent`
 * @example wrap("held: too much …", "  ", 4) // ["  held: too much", "    …"]
 */
export function wrap(text: string, first = "", indent = first.length): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const length = line.length + word.length + (isEmpty ? 0 : 1);
    if (!isEmpty && length > COLUMNS) {
      lines.push(line);
      line = " ".repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
