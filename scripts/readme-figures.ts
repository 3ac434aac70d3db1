/**
 * The figures of docs/performance.md, measured anew, which takes some ten minutes: `npm run figures`.
 */
import { spawnSync } from "node:child_process";
import { writeBlocks } from "./readme-blocks.ts";

const { status, stdout } = spawnSync(process.execPath, ["bench/main.ts", "--markdown", ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "inherit"],
  encoding: "utf8",
});
if (status !== 0) process.exit(status ?? 1);
const figures = stdout.replace(/^<!-- .*$/gm, "").trim();
writeBlocks("bench", { figures });
