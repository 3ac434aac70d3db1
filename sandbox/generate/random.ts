/** A small seeded generator (mulberry32): the same seed gives the same data for ever. */
export interface Random {
  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** True in so many percent of cases. */
  chance(percent: number): boolean;
  hex(length: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    chance: (percent) => below(100) < percent,
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(""),
  };
}

/** A stream of its own for each thing that has a name, so that one more of them changes none of the others. */
export function createRandomFor(name: string, seed: number): Random {
  return createRandom([...name].reduce((sum, unit) => (sum * 31 + unit.charCodeAt(0)) | 0, seed));
}
