/**
 * Whether a file of settings is one: each line a setting, a comment, or nothing. Pure.
 *
 * Node's own reader takes what it can: a line without `=` is put before the next name, and a quote that is not closed
 * takes all that follows for its value. So a setting that keeps the service from writing could be lost without a word.
 */

const SETTING = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=\s*(.*)$/;
const NOTHING = /^\s*(?:#.*)?$/;

/** @returns a sentence for each line that is wrong, by its number and never by what it holds, which may be a secret */
export function findBadLines(text: string): string[] {
  const problems: string[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (NOTHING.test(line)) continue;
    const value = SETTING.exec(line)?.[1];
    if (value === undefined) {
      problems.push(`Line ${index + 1} is neither NAME=value nor a comment.`);
      continue;
    }
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
    // A value in quotes may go on over lines, as a key does.
    const end = lines.findIndex((later, at) => at > index && later.includes(quote));
    if (end < 0) {
      problems.push(`The quote that opens on line ${index + 1} is not closed.`);
      break;
    }
    index = end;
  }
  return problems.length <= MOST ? problems : [...problems.slice(0, MOST), `And ${problems.length - MOST} more lines.`];
}

/** A key that was pasted without quotes has some thirty lines. */
const MOST = 3;
