/**
 * The records that PRIMARY shows to have been created anew, so that they go to their new place.
 *
 * PRIMARY appends what is created. A record that stands before others in the file, but in PRIMARY behind them and
 * behind one that the file lacks, was deleted and created again. Order alone is never drift, and a file that is
 * simply sorted in another way must not be shuffled: records move only when they are fewer than those that come and
 * go. (So a change of one record never moves another.)
 *
 * @param current distinct names in the file's order
 * @param wanted distinct names in PRIMARY's order
 */
export function findMovedRecords(current: readonly string[], wanted: readonly string[]): Set<string> {
  const placeInFile = new Map(current.map((name, index) => [name, index]));
  const firstNew = wanted.findIndex((name) => !placeInFile.has(name));
  if (firstNew < 0) return new Set();
  const kept = wanted.filter((name) => placeInFile.has(name));
  const inOrder = longestIncreasing(kept.map((name) => placeInFile.get(name) ?? 0));
  const displaced = kept.filter((_, index) => !inOrder.has(index));
  const comingOrGoing = wanted.length + current.length - 2 * kept.length;
  if (displaced.length >= comingOrGoing) return new Set();
  const behindNew = new Set(wanted.slice(firstNew));
  return new Set(displaced.filter((name) => behindNew.has(name)));
}

/** The indexes of a longest increasing subsequence of distinct numbers (patience sorting, O(n log n)). */
function longestIncreasing(values: readonly number[]): Set<number> {
  /** Per length, the index where the subsequence of that length with the smallest end ends. */
  const ends: number[] = [];
  const before = values.map((value, index) => {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    ends[low] = index;
    return ends[low - 1];
  });
  const indexes = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before[at]) indexes.add(at);
  return indexes;
}

/**
 * Those of the renamed records that PRIMARY does not have where the file has them, nearly always because it appends
 * what gets a new name. They stay, but what PRIMARY has behind them does not belong behind them.
 *
 * @param old members in the file's order, under their new names
 * @param wanted distinct names in PRIMARY's order
 */
export function findStrays(
  old: readonly { readonly name: string }[],
  wanted: readonly string[],
  renamed: ReadonlySet<string>,
): Set<string> {
  const place = new Map(old.map(({ name }, index) => [name, index]));
  const steady = wanted.filter((name) => place.has(name) && !renamed.has(name));
  const strays = new Set<string>();
  let before = -1;
  let next = 0;
  for (const name of wanted) {
    const at = place.get(name);
    if (at === undefined) continue;
    if (renamed.has(name)) {
      const follower = steady[next];
      const behind = follower === undefined ? undefined : place.get(follower);
      if (at < before || (behind !== undefined && at > behind)) strays.add(name);
    } else {
      before = at;
      next += 1;
    }
  }
  return strays;
}
