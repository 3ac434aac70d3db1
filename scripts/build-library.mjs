// Builds the library: dist/lib/index.js, one ES module whose dependencies are the package's own, and beside it the
// declarations that its types reach, and no others.
//
// npm runs this after an install (`prepare`), also where development dependencies were left out: then there is nothing
// to build with, and nothing to do.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = join(root, "dist/lib");

const esbuild = await import("esbuild").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("The library is not built, because the development dependencies are not installed.");
  process.exit(0);
});

rmSync(outdir, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["src/index.ts"],
  outfile: join(outdir, "index.js"),
  bundle: true,
  packages: "external",
  platform: "neutral",
  external: ["node:*"],
  // Of Node 20.12, and of every workerd.
  target: "es2022",
  format: "esm",
  charset: "utf8",
  logLevel: "warning",
});
emitTypes(join(outdir, "types"));

function emitTypes(to) {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = ["--project", join(root, "tsconfig.library.json"), "--outDir", folder];
    execFileSync(process.execPath, [tsc, ...args], { cwd: root, stdio: "inherit" });
    for (const file of reachableFrom(join(folder, "src/index.d.ts"))) {
      cpSync(file, join(to, relative(join(folder, "src"), file)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Declarations name one another as the sources do, by `./file.ts`. */
function reachableFrom(entry) {
  const found = new Set([entry]);
  for (const file of found) {
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)) {
      const named = join(dirname(file), `${path}.d.ts`);
      if (!existsSync(named)) throw new Error(`${file} names ${path}.ts, of which there is no declaration.`);
      found.add(named);
    }
  }
  return found;
}
