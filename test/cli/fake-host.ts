import type { Host, StopSignal } from "../../src/cli/host.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";

export interface FakeHost extends Host {
  readonly clock: FakeClock;
  /** What was written so far. */
  readonly seen: { stdout: string; stderr: string };
  readonly exits: readonly number[];
  send(signal: StopSignal): void;
}

export interface FakeHostOptions extends Partial<Pick<Host, "env" | "cwd" | "fetch" | "platform" | "home">> {
  readonly isTerminal?: boolean;
  readonly clock?: FakeClock;
}

/** A process in this one, without network unless it is given. */
export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const seen = { stdout: "", stderr: "" };
  const exits: number[] = [];
  const listeners: ((signal: StopSignal) => void)[] = [];
  const output = (name: keyof typeof seen) => ({
    isTerminal: options.isTerminal ?? false,
    async write(text: string) {
      seen[name] += text;
    },
  });
  return {
    env: options.env ?? {},
    cwd: options.cwd ?? "/work",
    platform: options.platform ?? "linux",
    home: options.home ?? "/home/someone",
    stdout: output("stdout"),
    stderr: output("stderr"),
    fetch:
      options.fetch ??
      (async (url) => {
        throw new Error(`Unexpected request: ${url}`);
      }),
    clock: options.clock ?? createFakeClock(),
    onSignal: (listener) => void listeners.push(listener),
    saveMemory: async () => {},
    exit: (code) => void exits.push(code),
    seen,
    exits,
    send(signal) {
      for (const listener of listeners) listener(signal);
    },
  };
}
