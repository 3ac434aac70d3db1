/**
 * The library as it is published: what is packed, its types for each way to resolve them, and who can load it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import * as z from "zod/mini";
import { findOtherNode } from "../cli/other-node.ts";
import { type Consumer, createConsumer, readExamples } from "./consumer.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const EXAMPLES = readExamples();
const MAX_PACKED_BYTES = 400_000;

let consumer: Consumer;
beforeAll(() => {
  consumer = createConsumer();
  for (const [name, code] of EXAMPLES) consumer.write(name, code);
});
afterAll(() => consumer.remove());

describe("the package", () => {
  it("holds the command, the library with its types, and nothing else", () => {
    const paths = consumer.packed.files.map(({ path }) => path);
    const expected =
      /^(LICENSE|README\.md|package\.json|dist\/cli\/model-reference-sync\.cjs|dist\/lib\/(index\.js|types\/[\w/-]+\.d\.ts))$/;
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining(["dist/cli/model-reference-sync.cjs", "dist/lib/index.js", "dist/lib/types/index.d.ts"]),
    );
  });

  it("is small", () => expect(consumer.packed.size).toBeLessThan(MAX_PACKED_BYTES));

  it("names files that are in it, types first, as TypeScript asks", () => {
    const Manifest = z.object({
      type: z.literal("module"),
      private: z.optional(z.unknown()),
      main: z.string(),
      types: z.string(),
      exports: z.object({ ".": z.record(z.string(), z.string()) }),
      bin: z.record(z.string(), z.string()),
    });
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(consumer.installed, "package.json"), "utf8")));
    expect(manifest.private).toBeUndefined();
    const entry = manifest.exports["."];
    expect(Object.keys(entry)[0]).toBe("types");
    for (const path of [manifest.main, manifest.types, ...Object.values(entry), ...Object.values(manifest.bin)]) {
      expect(existsSync(join(consumer.installed, path)), path).toBe(true);
    }
  });

  it("opens to nobody but through its entry", () => {
    const code = 'await import("horde-model-reference-sync/dist/lib/index.js")';
    const { status, stderr } = run(process.execPath, code);
    expect(status).not.toBe(0);
    expect(stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

function run(node: string, code: string) {
  return spawnSync(node, ["--input-type=module", "--eval", code], { cwd: consumer.folder, encoding: "utf8" });
}

/** What a caller sees of each export; a line that should not compile says so. */
const USES = `
import { CATEGORY_NAMES, type CategoryName, compareCategory, type Config, ConfigError, createMemoryStore, createSync,
  type KeyValueStore, type Look, parseConfig, pathsOf, type Plan, type RecordChange, type Report, SyncError,
  VERSION } from "horde-model-reference-sync";

export const config: Config = parseConfig({});
export const { changes, files, warnings } = compareCategory({ category: "clip", primary: "{}", files: { "clip.json": null } });
export const names: readonly string[] = changes.map((change: RecordChange) => (change.kind === "renamed" ? change.from : change.name));
export const text: string | undefined = files["clip.json"];
export const said: readonly string[] = warnings;
export const sync = createSync({ config, store: createMemoryStore(), log: (level, line) => console.log(level, line.length) });
export const plan: Promise<Plan> = sync.plan({ categories: ["clip"], force: true });
export const report: Promise<Report> = sync.run();
export const paths: readonly string[] = pathsOf("clip").writes;
export const category: CategoryName | undefined = CATEGORY_NAMES[0];
export const version: string = VERSION;
export function tell(look: Look): string { return look.kind === "ran" ? look.report.outcome : look.kind; }
export function explain(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  return error instanceof SyncError ? [error.code, error.message] : [];
}
declare const store: KeyValueStore;
createSync({ config, store });
// @ts-expect-error: lora has no file
compareCategory({ category: "lora", primary: "{}", files: {} });
// @ts-expect-error: the settings are needed
createSync({});
// @ts-expect-error: a configuration is never changed
config.dryRun = true;
// @ts-expect-error: nothing is of type any
export const wrong: boolean = compareCategory({ category: "clip", primary: "{}", files: {} }).changes;
`;

describe("the types", () => {
  const strict = {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    target: "es2022",
    skipLibCheck: false,
  };
  test.each([
    [
      "nodenext, as on Node",
      { module: "nodenext", moduleResolution: "nodenext", types: ["node"] },
      ["uses.ts", ...EXAMPLES.keys()],
    ],
    [
      "bundler, as in a Worker",
      { module: "esnext", moduleResolution: "bundler", lib: ["es2024"], types: ["@cloudflare/workers-types"] },
      ["uses.ts", "namespace.ts", "cron-worker.ts"],
    ],
  ])("are found and right with moduleResolution %s", (_label, options, files) => {
    consumer.write("uses.ts", USES);
    consumer.write(
      "namespace.ts",
      `import type { KVNamespace } from "@cloudflare/workers-types";
import type { KeyValueStore } from "horde-model-reference-sync";
export const asStore = (namespace: KVNamespace): KeyValueStore => namespace;
`,
    );
    consumer.write("tsconfig.json", JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
    const { status, stdout } = spawnSync(process.execPath, [TSC, "-p", consumer.folder], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

const other = findOtherNode();
if (other === null) console.warn("SKIPPED: there is no other Node on the PATH than this one.");
test.skipIf(other === null)(`the library is loaded by another Node (${other?.version})`, () => {
  const code = `
    import { compareCategory } from "horde-model-reference-sync";
    const { changes } = compareCategory({ category: "clip", primary: '{"A": {}}', files: { "clip.json": null } });
    console.log(changes.length);`;
  expect(run(other?.path ?? "", code)).toMatchObject({ status: 0, stdout: "1\n" });
});
