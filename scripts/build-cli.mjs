// Bundles the command line into one plain file that Node 20 and newer run: dist/cli/model-reference-sync.js.
//
// npm runs this after an install (`prepare`), also where development dependencies were left out: then there is nothing
// to build with, and nothing to do.
import { chmod } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}dist/cli/model-reference-sync.js`;

const esbuild = await import("esbuild").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("The command line is not built, because the development dependencies are not installed.");
  process.exit(0);
});

await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["src/cli/main.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  charset: "utf8",
  banner: { js: "#!/usr/bin/env node" },
  logLevel: "warning",
});
await chmod(outfile, 0o755);
