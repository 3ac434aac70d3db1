/**
 * Blocks of README.md that are produced, between `<!-- kind:name -->` and `<!-- /kind -->`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type BlockKind = "table" | "transcript" | "bench";
export type Blocks = Readonly<Record<string, string>>;

const README = fileURLToPath(new URL("../README.md", import.meta.url));

/** What stands in each block of a kind, by name. */
export function readBlocks(kind: BlockKind): Blocks {
  const found = Array.from(readFileSync(README, "utf8").matchAll(patternOf(kind)), ([, name = "", content = ""]) => {
    return [name, content.trim()];
  });
  return Object.fromEntries(found);
}

/** Write the blocks that the README has markers for. */
export function writeBlocks(kind: BlockKind, blocks: Blocks): void {
  const text = readFileSync(README, "utf8").replace(patternOf(kind), (whole, name: string) => {
    const content = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
    return content === undefined ? whole : `<!-- ${kind}:${name} -->\n${content}\n<!-- /${kind} -->`;
  });
  writeFileSync(README, text);
}

function patternOf(kind: BlockKind): RegExp {
  return new RegExp(`<!-- ${kind}:([\\w-]+) -->\\n([\\s\\S]*?)<!-- /${kind} -->`, "g");
}
