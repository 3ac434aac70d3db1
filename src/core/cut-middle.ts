/**
 * A long text on one line, cut in its middle: how it begins and how it ends tell most. Pure.
 */
import { toOneLine } from "./inert.ts";

/**
 * @param limit of characters, at least 3
 * @example cutMiddle("abcdefghij", 7) // "abc…hij"
 */
export function cutMiddle(text: string, limit: number): string {
  // Only the ends are looked at, because a record may be as long as a file.
  const ends = text.length > 4 * limit ? `${text.slice(0, 2 * limit)} ${text.slice(-2 * limit)}` : text;
  const line = [...toOneLine(ends, 24 * limit)];
  if (line.length <= limit && ends === text) return line.join("");
  const half = Math.floor((limit - 1) / 2);
  return `${line.slice(0, limit - 1 - half).join("")}…${line.slice(-half).join("")}`;
}
