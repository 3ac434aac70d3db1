/**
 * What an isolate evaluates before it is asked for anything, of the bundle that wrangler makes: a static import of the
 * wrong module would bring it all back, and no other test would notice.
 */
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Paths of the modules that an entry evaluates at once. */
async function evaluatedAtOnce(entry: string, platform: "neutral" | "node"): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform,
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*", "cloudflare:*"],
    logLevel: "error",
  });
  return [...reach(entry, metafile)];
}

function reach(entry: string, { inputs }: Metafile): Set<string> {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const { kind, path: imported, external } of inputs[path]?.imports ?? [])
      if (kind !== "dynamic-import" && external !== true) reached.add(imported);
  }
  return reached;
}

const PACKAGES = /node_modules\/((?:@[^/]+\/)?[^/]+)/;
/** One function of a kilobyte. */
const LIGHT = "leven";
const packagesOf = (paths: readonly string[]) => [...new Set(paths.flatMap((path) => PACKAGES.exec(path)?.[1] ?? []))];
const foldersOf = (paths: readonly string[]) => [
  ...new Set(paths.flatMap((path) => /^src\/([\w-]+)\//.exec(path)?.[1] ?? [])),
];

describe("before it is asked for anything", () => {
  it("the Worker evaluates what a tick and a run need, but neither Octokit, nor the pages, nor the replica", async () => {
    const paths = await evaluatedAtOnce("src/worker.ts", "neutral");
    expect(packagesOf(paths).sort()).toEqual(["@octokit/request-error", LIGHT, "universal-github-app-jwt", "zod"]);
    expect(paths).toContain("src/sync/run.ts");
    for (const later of ["github/client", "http/app", "replica/replica", "check/check", "state/schema"])
      expect(paths).not.toContain(`src/${later}.ts`);
  });

  it("the command line evaluates what it needs to print its help", async () => {
    const paths = await evaluatedAtOnce("src/cli/main.ts", "node");
    expect(packagesOf(paths)).toEqual([LIGHT]);
    expect(foldersOf(paths).sort()).toEqual(["cli", "config", "core", "present"]);
  });
});
