/**
 * What somebody may have meant by a name that does not exist. Pure.
 */
import leven from "leven";

/**
 * @param most how many letters may differ; without it half of the known name's, or all that stand behind a beginning
 *   that only one of them has
 * @returns the known name with the fewest letters to add, drop or replace
 * @example nearestName("--dryrun", ["--dry-run", "--force"]) // "--dry-run"
 */
export function nearestName(name: string, known: readonly string[], most = Number.POSITIVE_INFINITY): string | null {
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  // What is far too long is no slip of the finger, and would be slow to compare.
  if (name.length > 60) return null;
  for (const candidate of known) {
    const distance = leven(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least || distance > most || distance > candidate.replace(/^-+/, "").length / 2) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest ?? (most === Number.POSITIVE_INFINITY ? onlyNameFrom(name, known) : null);
}

const SHORTEST_BEGINNING = 3;

function onlyNameFrom(beginning: string, known: readonly string[]): string | null {
  if (beginning.replace(/^-+/, "").length < SHORTEST_BEGINNING) return null;
  const names = known.filter((name) => name.toLowerCase().startsWith(beginning.toLowerCase()));
  return names.length === 1 ? (names[0] ?? null) : null;
}
