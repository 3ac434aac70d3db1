/**
 * The package as a program finds it after `npm install`: packed by npm, unpacked, and the examples of the documentation
 * beside it.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAME = "horde-model-reference-sync";

export interface Consumer {
  readonly folder: string;
  /** Where the package lies. */
  readonly installed: string;
  readonly packed: Packed;
  write(path: string, text: string): void;
  remove(): void;
}

export type Packed = z.infer<typeof Packed>;
const Packed = z.object({
  filename: z.string(),
  /** Of the archive, in bytes. */
  size: z.number(),
  files: z.array(z.object({ path: z.string() })),
});

/** What `dist/` holds is packed as it is. The folder is within the repository, so that the dependencies are found. */
export function createConsumer(): Consumer {
  mkdirSync(join(ROOT, ".vitest"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".vitest/consumer-"));
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = z.array(Packed).parse(JSON.parse(execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" })));
  if (packed === undefined) throw new Error("npm packed nothing.");
  const installed = join(folder, "node_modules", NAME);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, packed.filename), "-C", installed, "--strip-components=1"]);
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  write("package.json", JSON.stringify({ type: "module", private: true }));
  return { folder, installed, packed, write, remove: () => rmSync(folder, { recursive: true }) };
}

/** The programs of docs/library.md by their names, from between their markers. */
export function readExamples(): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, "docs/library.md"), "utf8");
  const found = text.matchAll(/<!-- example:(\S+) -->\n```ts\n([\s\S]*?)```\n<!-- \/example -->/g);
  return new Map(Array.from(found, ([, name = "", code = ""]) => [name, code]));
}
