/** What a handler gets and gives; the server in `server.ts` speaks HTTP for it. */

export interface HttpRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly rawPath: string;
  /** The path decoded, for people and for matching. */
  readonly path: string;
  /** `""` or `?a=b`. */
  readonly query: string;
  readonly search: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

export function textAnswer(status: number, body: string, type = "text/plain; charset=utf-8"): HttpAnswer {
  return { status, headers: { "content-type": type }, body };
}

export function bytesAnswer(body: Uint8Array, type: string): HttpAnswer {
  return { status: 200, headers: { "content-type": type }, body };
}

export function emptyAnswer(status = 204): HttpAnswer {
  return { status, headers: {}, body: null };
}

export function redirectAnswer(location: string): HttpAnswer {
  return { status: 303, headers: { location }, body: null };
}
