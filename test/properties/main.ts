/**
 * `npm run properties`: every property with cases that nobody tried. TIMES says how many times as many as in `npm test`
 * (default 10), SEED which (default another each time), UNDER where (part of a path). A failure names the smallest case.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(ROOT);

const seed = readNumber("SEED", Date.now() % 2 ** 31);
const times = readNumber("TIMES", 10);
const under = process.env["UNDER"] ?? "";
const files = globSync("test/**/*.test.ts").filter(
  (path) => path.includes(under) && /from "fast-check"/.test(readFileSync(path, "utf8")),
);
if (files.length === 0) {
  console.error("UNDER must be part of the path of a file with properties, such as test/replica.");
  process.exit(2);
}
console.log(`${files.length} files, seed ${seed}, ${times} times the cases.`);
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...files, "--testTimeout=0"], {
  stdio: "inherit",
  env: { ...process.env, PROPERTY_SEED: `${seed}`, PROPERTY_TIMES: `${times}` },
});
process.exitCode = status ?? 1;

function readNumber(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`${name} must be a whole number above 0, not ${process.env[name]}.`);
  process.exit(2);
}
