/**
 * Blocks of README.md and of docs/ that are produced, between `<!-- kind:name -->` and `<!-- /kind -->`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type BlockKind = "table" | "transcript" | "bench";
export type Blocks = Readonly<Record<string, string>>;

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** README.md and every page of docs/, by their paths from the repository's root. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** What stands in each block of a kind, by name. @throws Error when two documents have one of the same name */
export function readBlocks(kind: BlockKind): Blocks {
  const found: Record<string, string> = {};
  for (const path of DOCUMENTS) {
    for (const [, name = "", content = ""] of readDocument(path).matchAll(patternOf(kind))) {
      if (Object.hasOwn(found, name)) throw new Error(`${path} has another ${kind} named ${name}.`);
      found[name] = content.trim();
    }
  }
  return found;
}

/** Write the blocks that a document has markers for. */
export function writeBlocks(kind: BlockKind, blocks: Blocks): void {
  for (const path of DOCUMENTS) {
    const before = readDocument(path);
    const after = before.replace(patternOf(kind), (whole, name: string) => {
      const content = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
      return content === undefined ? whole : `<!-- ${kind}:${name} -->\n${content}\n<!-- /${kind} -->`;
    });
    if (after !== before) writeFileSync(join(ROOT, path), after);
  }
}

function patternOf(kind: BlockKind): RegExp {
  return new RegExp(`<!-- ${kind}:([\\w-]+) -->\\n([\\s\\S]*?)<!-- /${kind} -->`, "g");
}
