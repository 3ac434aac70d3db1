/**
 * What the command line sees of its process: narrow, so that tests run it in theirs.
 */
import type { Clock, Fetch } from "../net/transport.ts";

export interface Output {
  /** Resolves when the text is out, or when nobody reads it any more. */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
}

export type StopSignal = "SIGINT" | "SIGTERM";

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths begin here. */
  readonly cwd: string;
  readonly platform: string;
  readonly home: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Called for every signal that asks to stop. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => void;
  /** Work begins that makes much which it needs for a moment: the process shall rather collect it than grow. */
  readonly saveMemory: () => Promise<void>;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** 0: the work is done; 1: it failed; 2: it was not started, because it was asked for wrongly. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** As shells tell that a signal ended a process. */
export function exitCodeOf(signal: StopSignal): number {
  return signal === "SIGINT" ? 130 : 143;
}
