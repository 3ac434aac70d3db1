/** Fails a test file whose requests, or whose sandbox's answers, do not fit GitHub's own description. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterAll } from "vitest";
import { mismatchFile } from "../../sandbox/openapi/recorder.ts";

afterAll(() => {
  const path = mismatchFile(process.env["SANDBOX_CHECK_API"] ?? "");
  if (!existsSync(path)) return;
  const lines = new Set(readFileSync(path, "utf8").trim().split("\n"));
  rmSync(path);
  throw new Error(`GitHub's own description does not fit:\n${[...lines].slice(0, 50).join("\n")}`);
});
