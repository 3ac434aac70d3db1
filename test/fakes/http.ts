import type { Fetch } from "../../src/net/transport.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

export type Answer = (request: SeenRequest) => Response | Promise<Response>;

export interface FakeHttp {
  readonly fetch: Fetch;
  readonly seen: SeenRequest[];
  /** `METHOD url` of every request, in order. */
  readonly lines: () => string[];
}

/**
 * A server that knows exactly these requests (`"GET https://host/path?query"`) and throws on any other.
 *
 * A list of answers is used up one by one; its last one stays.
 */
export function createFakeHttp(routes: Readonly<Record<string, Answer | readonly Answer[]>>): FakeHttp {
  const seen: SeenRequest[] = [];
  const used = new Map<string, number>();
  return {
    seen,
    lines: () => seen.map(({ method, url }) => `${method} ${url}`),
    async fetch(url, init) {
      const line = `${init.method ?? "GET"} ${url}`;
      const text = typeof init.body === "string" ? init.body : "";
      const body: unknown = text === "" ? null : JSON.parse(text);
      const request = { method: init.method ?? "GET", url, headers: new Headers(init.headers), body };
      seen.push(request);
      const known = Object.hasOwn(routes, line) ? routes[line] : undefined;
      const turn = used.get(line) ?? 0;
      used.set(line, turn + 1);
      const answer = typeof known === "function" ? known : (known?.[turn] ?? known?.at(-1));
      if (answer === undefined) throw new Error(`Unexpected request: ${line}`);
      return answer(request);
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return () => Response.json(body, { status, headers });
}

export function empty(status: number): Answer {
  return () => new Response(null, { status });
}

export function dropped(): Answer {
  return () => {
    throw new TypeError("fetch failed");
  };
}
