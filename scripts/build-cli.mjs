// Bundles the command line into one plain file that Node 20.12 and newer run: dist/cli/model-reference-sync.cjs. It is
// CommonJS, because that is what Node takes a file for whose name has no extension, as in /usr/local/bin.
//
// npm runs this after an install (`prepare`), also where development dependencies were left out: then there is nothing
// to build with, and nothing to do.
import { chmod } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}dist/cli/model-reference-sync.cjs`;

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
  target: "node20.12",
  format: "cjs",
  charset: "utf8",
  // What Node has to read before it can print the help; names stay, for the traces of --verbose.
  minifyWhitespace: true,
  minifySyntax: true,
  banner: { js: "#!/usr/bin/env node" },
  plugins: [
    {
      // As the alias of wrangler.toml: see src/github/client.ts.
      name: "used endpoints",
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\/generated\/endpoints\.js$/ }, () => ({ path: `${root}src/github/endpoints.json` })),
    },
  ],
  logLevel: "warning",
});
await chmod(outfile, 0o755);
