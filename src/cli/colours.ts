/**
 * Colours for a terminal. Pure.
 *
 * @see https://no-color.org
 */
import type { Host, Output } from "./host.ts";

export type Colour = "red" | "green" | "yellow" | "faint";
export type Paint = (colour: Colour, text: string) => string;

/** Plain where the output is no terminal, or the user wants none. */
export function choosePaint(output: Output, env: Host["env"]): Paint {
  const wantsNone = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  if (!output.isTerminal || wantsNone) return (_colour, text) => text;
  return (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;
}

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, faint: 2 };

/** A report's text, line by line: what begins like this has that colour. */
const LINES: readonly (readonly [RegExp, Colour])[] = [
  [/^ {4}\+ /, "green"],
  [/^ {4}- /, "red"],
  [/^ {4}~ /, "yellow"],
  [/^ {10}\+ /, "green"],
  [/^ {10}- /, "red"],
  [/^ *error \(/, "red"],
  [/^ *(warning|held): /, "yellow"],
  [/^ {2}=> /, "yellow"],
];

export function paintReport(text: string, paint: Paint): string {
  return text
    .split("\n")
    .map((line) => {
      const colour = LINES.find(([pattern]) => pattern.test(line))?.[1];
      return colour === undefined ? line : paint(colour, line);
    })
    .join("\n");
}
