/** Adds up what was checked against GitHub's own description in all test files, and in the processes they started. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import * as z from "zod";

const Counts = z.object({
  source: z.string(),
  requests: z.number(),
  answers: z.number(),
  operations: z.array(z.string()),
});

export default function setup(project: TestProject): () => void {
  const directory = project.config.env["SANDBOX_CHECK_API"] ?? "";
  return () => {
    try {
      summarise(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
}

function summarise(directory: string): void {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const read = (name: string) => readFileSync(join(directory, name), "utf8");
  const counts = files.filter((name) => name.startsWith("counts-")).map((name) => Counts.parse(JSON.parse(read(name))));
  const sum = (key: "requests" | "answers") => counts.reduce((total, entry) => total + entry[key], 0);
  const operations = new Set(counts.flatMap((entry) => entry.operations));
  const [source = "nothing"] = counts.map((entry) => entry.source);
  console.log(
    `Checked against ${source}: ${sum("requests")} requests, ${sum("answers")} answers, ${operations.size} operations.`,
  );
  const left = files.filter((name) => name.startsWith("mismatches-")).map(read);
  if (left.length > 0) throw new Error(`GitHub's own description does not fit:\n${left.join("")}`);
}
