/**
 * The figures of docs/performance.md, measured anew, which takes some ten minutes: `npm run figures`. All of them, so that
 * it takes no options; `npm run bench` does.
 */
import { spawnSync } from "node:child_process";
import { writeBlocks } from "./readme-blocks.ts";

if (process.argv.length > 2) {
  console.error("npm run figures takes no options; npm run bench does: npm run bench -- --help.");
  process.exit(2);
}
const { status, stdout } = spawnSync(process.execPath, ["bench/main.ts", "--markdown"], {
  stdio: ["ignore", "pipe", "inherit"],
  encoding: "utf8",
});
if (status !== 0) process.exit(status ?? 1);
const figures = stdout.replace(/^<!-- .*$/gm, "").trim();
writeBlocks("bench", { figures });
