/**
 * A list of things to go wrong. The first fault that matches a request is used up by it; a fault with `skip` lets
 * that many matching requests through first.
 */

export type FaultAction =
  /** Answer this instead of doing it. */
  | {
      readonly type: "status";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Answer 200 with this body instead of doing it. */
  | { readonly type: "body"; readonly body: string; readonly contentType?: string }
  /** Answer a page for people instead of doing it, as proxies and overloaded servers do, even with 200. */
  | { readonly type: "html"; readonly status?: number }
  /** Do it, and answer with the first half of the body as if that were all. */
  | { readonly type: "truncate" }
  /** Do it, and break the connection in the middle of the body. */
  | { readonly type: "cut" }
  /** Do it, and send the body a few bytes at a time, with a pause between them. */
  | { readonly type: "trickle"; readonly ms?: number; readonly bytes?: number }
  /** Do it, but later. */
  | { readonly type: "delay"; readonly ms: number }
  /** Break the connection without doing it. */
  | { readonly type: "drop-before" }
  /** Do it, then break the connection: the caller cannot know. */
  | { readonly type: "drop-after" }
  /** Neither do it nor answer, until someone gives up. */
  | { readonly type: "hang" };

export interface Fault {
  readonly method?: string;
  /** A string matches anywhere in the path (without the query); a RegExp is tried on path and query. */
  readonly path?: string | RegExp;
  /** How many requests it hits; `Infinity` is allowed. Default 1. */
  readonly times?: number;
  /** How many matching requests pass unharmed first. Default 0. */
  readonly skip?: number;
  readonly action: FaultAction;
}

export interface FaultList {
  /** Gives a function that takes the fault back. */
  add(fault: Fault): () => void;
  clear(): void;
  /** What is still waiting to happen. */
  list(): readonly Fault[];
  /** Finds the fault for a request and counts it; null when the request goes through. */
  take(request: { readonly method: string; readonly path: string; readonly query: string }): FaultAction | null;
}

interface Waiting {
  readonly fault: Fault;
  skip: number;
  times: number;
}

export function createFaults(): FaultList {
  let waiting: Waiting[] = [];
  return {
    add(fault) {
      const entry = { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    clear() {
      waiting = [];
    },
    list: () => waiting.map(({ fault, skip, times }) => ({ ...fault, skip, times })),
    take(request) {
      for (const entry of waiting) {
        if (!isMatch(entry.fault, request)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.times -= 1;
        if (entry.times <= 0) waiting = waiting.filter((other) => other !== entry);
        return entry.fault.action;
      }
      return null;
    },
  };
}

function isMatch(fault: Fault, request: { method: string; path: string; query: string }): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  if (fault.path === undefined) return true;
  if (typeof fault.path === "string") return request.path.includes(fault.path);
  return new RegExp(fault.path.source, fault.path.flags.replace(/[gy]/g, "")).test(request.path + request.query);
}
