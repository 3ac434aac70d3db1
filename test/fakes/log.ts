import { createLogger, type Logger } from "../../src/core/log.ts";

export interface FakeLog {
  readonly log: Logger;
  readonly lines: readonly string[];
  readonly events: () => unknown[];
}

/** Keeps every line; verbose, so that nothing is hidden from a test that looks for secrets. */
export function createFakeLog(): FakeLog {
  const lines: string[] = [];
  const log = createLogger({ verbose: true, write: (_level, line) => lines.push(line) });
  return { log, lines, events: () => lines.map((line) => JSON.parse(line).event) };
}
