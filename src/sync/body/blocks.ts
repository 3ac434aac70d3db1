/**
 * What a body is made of, and what of it is kept where there is not room for all. Pure.
 */

/** Lines that are kept or cut as a whole; of a record the first line alone may be kept. */
export interface Block {
  readonly lines: readonly string[];
  readonly isRecord: boolean;
}

export const plain = (...lines: readonly string[]): Block => ({ lines, isRecord: false });

export const record = (...lines: readonly string[]): Block => ({ lines, isRecord: true });

/**
 * Everything where there is room; then the last records without their details, and only then fewer of them. A list that
 * is cut while folded has its fold closed.
 *
 * @param budget characters
 */
export function fitBlocks(blocks: readonly Block[], budget: number): string[] {
  const least = blocks.map(({ lines, isRecord }) => lengthOf(isRecord ? lines.slice(0, 1) : lines));
  let leastOfRest = least.reduce((sum, length) => sum + length, 0);
  const lines: string[] = [];
  let used = 0;
  let isFolded = false;
  for (const [index, block] of blocks.entries()) {
    const [shortest = 0, full] = [least[index], lengthOf(block.lines)];
    leastOfRest -= shortest;
    const isWhole = used + full + leastOfRest <= budget || (!block.isRecord && used + full <= budget);
    if (!isWhole && used + shortest > budget) {
      const cut = blocks.slice(index).filter(({ isRecord }) => isRecord).length;
      const what = cut === 0 ? "there is more to say" : `and ${cut} more ${cut === 1 ? "record" : "records"}`;
      return [...lines, ...(isFolded ? ["", "</details>"] : []), "", `… ${what}; the changed files show everything.`];
    }
    if (block.lines.some((line) => line.startsWith("<details>"))) isFolded = true;
    if (block.lines.includes("</details>")) isFolded = false;
    lines.push(...(isWhole ? block.lines : block.lines.slice(0, 1)));
    used += isWhole ? full : shortest;
  }
  return lines;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
