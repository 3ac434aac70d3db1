/**
 * Which of the records that went and came are one record with a new name. Pure.
 */

/** A record by its name, and what it says: one text for every value in it, such as `config/files/sha256sum=ab12…`. */
export interface Sayings {
  readonly name: string;
  readonly says: ReadonlySet<string>;
}

/** Of all that the two records say, this share has to be said by both. History's renames have 0.58 and more, others 0.17 at most. */
const NEARLY_EQUAL = 0.5;
/** Characters that both have to say: two records that say hardly anything are alike by chance. */
const LEAST_EVIDENCE = 16;
/** What more of the records that went say than this many tells nothing of one of them. */
const MOST_SHARING = 8;
/** Records that went which are compared with one that came: the likeliest. */
const MOST_CANDIDATES = 4;

/**
 * New names and the old ones of the records that continue under them. Linear in the size of both lists.
 *
 * The same whatever the order of the lists: the most equal pair comes first, and of equals the first by name.
 */
export function findRenames(gone: readonly Sayings[], come: readonly Sayings[]): Map<string, string> {
  const sayers = indexSayers(gone);
  const pairs = come.flatMap((record) => likeliest(record, sayers).flatMap((other) => comparePair(other, record)));
  pairs.sort((a, b) => b.share - a.share || compare(a.from, b.from) || compare(a.to, b.to));
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of pairs) {
    if (renames.has(to) || taken.has(from)) continue;
    renames.set(to, from);
    taken.add(from);
  }
  return renames;
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly share: number;
}

function indexSayers(records: readonly Sayings[]): Map<string, Sayings[]> {
  const sayers = new Map<string, Sayings[]>();
  for (const record of records) {
    for (const saying of record.says) {
      const others = sayers.get(saying);
      if (others === undefined) sayers.set(saying, [record]);
      else if (others.length <= MOST_SHARING) others.push(record);
    }
  }
  return sayers;
}

function likeliest({ says }: Sayings, sayers: ReadonlyMap<string, readonly Sayings[]>): Sayings[] {
  const shared = new Map<Sayings, number>();
  for (const saying of says) {
    const others = sayers.get(saying) ?? [];
    if (others.length > MOST_SHARING) continue;
    for (const other of others) shared.set(other, (shared.get(other) ?? 0) + saying.length);
  }
  return [...shared]
    .sort(([a, weightA], [b, weightB]) => weightB - weightA || compare(a.name, b.name))
    .slice(0, MOST_CANDIDATES)
    .map(([record]) => record);
}

function comparePair(gone: Sayings, come: Sayings): Pair[] {
  const both = weigh([...gone.says].filter((saying) => come.says.has(saying)));
  const share = (2 * both) / (weigh(gone.says) + weigh(come.says));
  return both >= LEAST_EVIDENCE && share >= NEARLY_EQUAL ? [{ from: gone.name, to: come.name, share }] : [];
}

/** Only the value counts: the place where it stands is the same for all records. */
function weigh(sayings: Iterable<string>): number {
  let weight = 0;
  for (const saying of sayings) weight += saying.length - saying.indexOf("=") - 1;
  return weight;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
