import { diffArrays } from "diff";

/** How many lines a change takes away and brings. */
export function countLines(before: string, after: string): number {
  const split = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return diffArrays(split(before), split(after))
    .filter(({ added, removed }) => added || removed)
    .reduce((sum, { value }) => sum + value.length, 0);
}

/** `count` pairs of different items, the same ones every time. */
export function randomPairs<T>(items: readonly T[], count: number): [T, T][] {
  let state = 12_345;
  const next = (): T | undefined => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return items[Math.floor((state / 2 ** 31) * items.length)];
  };
  const pairs: [T, T][] = [];
  for (let tries = 0; pairs.length < count && tries < 10 * count; tries += 1) {
    const [a, b] = [next(), next()];
    if (a !== undefined && b !== undefined && a !== b) pairs.push([a, b]);
  }
  return pairs;
}

/** Each item with the one behind it. */
export function consecutive<T>(items: readonly T[]): [T, T][] {
  return items.slice(1).map((item, index) => [items[index] ?? item, item]);
}
