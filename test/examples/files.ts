/**
 * The examples as files, and YAML as it is meant.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** @param path from the repository's root */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every example, by its path from the repository's root, and the action. */
export const EXAMPLES: readonly string[] = readdirSync(join(ROOT, "examples"), { recursive: true, withFileTypes: true })
  .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(ROOT.length)] : []))
  .concat("action.yml");

/** The documents of a file. @throws Error with what is wrong with it */
export function readYaml(path: string): unknown[] {
  return parseAllDocuments(read(path)).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    return document.toJS();
  });
}
