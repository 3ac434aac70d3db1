/**
 * What somebody may have meant by a name that does not exist. Pure.
 */

/**
 * @param most how many letters may differ; without it half of the known name's
 * @returns the known name with the fewest letters to add, drop or replace
 * @example nearestName("--dryrun", ["--dry-run", "--force"]) // "--dry-run"
 */
export function nearestName(name: string, known: readonly string[], most = Number.POSITIVE_INFINITY): string | null {
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  // What is far too long is no slip of the finger, and would be slow to compare.
  if (name.length > 60) return null;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least || distance > most || distance > candidate.replace(/^-+/, "").length / 2) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/** Levenshtein's, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (letter === to[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
