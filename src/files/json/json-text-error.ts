/** A text that is not the JSON it should be: where it stops being so, what belonged there and what stands there. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
  /** Offset in UTF-16 code units, from 0. */
  readonly position: number;
  /** Counted from 1; a line ends at LF. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  /** The offending character as a JSON string, or `the end of the text`. */
  readonly found: string;

  /** @param expected a noun phrase, such as `a value` */
  constructor(text: string, position: number, expected: string) {
    const found = describeCharacter(text, position);
    const lines = text.slice(0, position).split("\n");
    const column = (lines.at(-1) ?? "").length + 1;
    super(`expected ${expected} but found ${found} at line ${lines.length}, column ${column}`);
    this.position = position;
    this.line = lines.length;
    this.column = column;
    this.found = found;
  }
}

function describeCharacter(text: string, position: number): string {
  const code = text.codePointAt(position);
  return code === undefined ? "the end of the text" : JSON.stringify(String.fromCodePoint(code));
}
