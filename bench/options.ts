import { parseArgs } from "node:util";

export interface Options {
  readonly format: "text" | "json" | "markdown";
  /** Parts to measure, in the order of all parts. */
  readonly only: readonly string[];
  /** Runs whose median is a figure. */
  readonly runs: number;
}

export type ParsedOptions =
  | { readonly kind: "options"; readonly options: Options }
  | { readonly kind: "help" }
  /** A sentence that says what is valid. */
  | { readonly kind: "problem"; readonly problem: string };

const DEFAULT_RUNS = 9;
const MAX_RUNS = 1000;

/** @param parts the names that `--only` knows */
export function parseOptions(args: readonly string[], parts: readonly string[]): ParsedOptions {
  let values: ReturnType<typeof readArguments>;
  try {
    values = readArguments(args);
  } catch (error) {
    const said = error instanceof Error ? error.message.split(". ")[0] : String(error);
    return problem(`${said}. Valid: --only, --runs, --json, --markdown, --help.`);
  }
  const { help = false, json = false, markdown = false, runs = String(DEFAULT_RUNS), only = [] } = values;
  if (help) return { kind: "help" };
  if (json && markdown) return problem("Give one of --json and --markdown.");
  if (!/^\d+$/.test(runs) || Number(runs) < 1 || Number(runs) > MAX_RUNS) {
    return problem(`--runs ${JSON.stringify(runs)} is not a whole number from 1 to ${MAX_RUNS}.`);
  }
  const names = only.flatMap((list) => list.split(",")).map((name) => name.trim());
  const unknown = names.find((name) => !parts.includes(name));
  if (unknown !== undefined) {
    return problem(`--only ${JSON.stringify(unknown)} is not a part. Valid: ${parts.join(", ")}.`);
  }
  const chosen = names.length === 0 ? parts : parts.filter((part) => names.includes(part));
  const format = json ? "json" : markdown ? "markdown" : "text";
  return { kind: "options", options: { format, only: chosen, runs: Number(runs) } };
}

function problem(text: string): ParsedOptions {
  return { kind: "problem", problem: text };
}

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true },
      runs: { type: "string" },
      json: { type: "boolean" },
      markdown: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}

export function helpText(parts: readonly string[]): string {
  return `Measures what the Worker costs, on the sandbox and in real workerd. \`npm run bench\` builds it first.

  npm run bench -- [options]

  --only NAME    measure this part only; may be repeated, or a comma-separated list
  --runs N       runs whose median is a figure (default ${DEFAULT_RUNS})
  --json         print everything measured as JSON
  --markdown     print the block of docs/performance.md
  --help         print this

Parts: ${parts.join(", ")}.`;
}
