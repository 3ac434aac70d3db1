/** One element of a new list: its index there, and that of the old element it continues, if any. */
export interface Pairing {
  readonly from: number | null;
  readonly to: number;
}

/** Beyond this many comparisons only the equal beginning and end are matched. */
const MAX_COMPARISONS = 250_000;

/**
 * Pairs two lists so that as many equal elements as possible stay, and changed ones take the place of old ones.
 *
 * `[a, b, c]` → `[a, x, y, c]` pairs a–a, b–x, nothing–y, c–c. Neither side's order is ever crossed.
 */
export function alignLists(old: readonly string[], wanted: readonly string[]): Pairing[] {
  const pairings: Pairing[] = [];
  let nextOld = 0;
  for (const match of [...matchEqual(old, wanted), { from: old.length, to: wanted.length }]) {
    for (let to = pairings.length; to < match.to; to += 1) {
      const from = nextOld < match.from ? nextOld : null;
      if (from !== null) nextOld += 1;
      pairings.push({ from, to });
    }
    if (match.to < wanted.length) pairings.push(match);
    nextOld = match.from + 1;
  }
  return pairings;
}

interface Match {
  readonly from: number;
  readonly to: number;
}

/** A longest common subsequence, in order, without the equal beginning: its elements take each other's place anyway. */
function matchEqual(old: readonly string[], wanted: readonly string[]): Match[] {
  const shorter = Math.min(old.length, wanted.length);
  let head = 0;
  while (head < shorter && old[head] === wanted[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === wanted.at(-1 - tail)) tail += 1;
  const middle = matchMiddle(old.slice(head, old.length - tail), wanted.slice(head, wanted.length - tail));
  const fromEnd = (index: number): Match => ({ from: old.length - index, to: wanted.length - index });
  return [
    ...middle.map(({ from, to }) => ({ from: from + head, to: to + head })),
    ...Array.from({ length: tail }, (_, index) => fromEnd(tail - index)),
  ];
}

function matchMiddle(old: readonly string[], wanted: readonly string[]): Match[] {
  if (old.length * wanted.length > MAX_COMPARISONS) return [];
  const width = wanted.length + 1;
  /** At `from * width + to`: how many matches are possible from there on. */
  const best = new Uint32Array((old.length + 1) * width);
  const bestAt = (from: number, to: number): number => best[from * width + to] ?? 0;
  for (let from = old.length - 1; from >= 0; from -= 1) {
    for (let to = wanted.length - 1; to >= 0; to -= 1) {
      const skipping = Math.max(bestAt(from + 1, to), bestAt(from, to + 1));
      best[from * width + to] = old[from] === wanted[to] ? bestAt(from + 1, to + 1) + 1 : skipping;
    }
  }
  const matches: Match[] = [];
  for (let from = 0, to = 0; from < old.length && to < wanted.length; ) {
    if (old[from] === wanted[to]) matches.push({ from: from++, to: to++ });
    else if (bestAt(from + 1, to) >= bestAt(from, to + 1)) from += 1;
    else to += 1;
  }
  return matches;
}
