/**
 * A `fetch` that asks the sandbox's servers in this process, without sockets: fast, and in the same order every time.
 */
import type { HttpRequest } from "../../sandbox/http/answer.ts";
import { decodePath, type HttpServer } from "../../sandbox/http/server.ts";
import type { Fetch } from "../../src/net/transport.ts";

export type DirectServer = Pick<HttpServer, "url" | "answer">;

/** @throws TypeError where a connection would fail: an unknown address, a dropped or a cut answer */
export function createDirectFetch(servers: readonly DirectServer[]): Fetch {
  return async (url, init) => {
    const server = servers.find((candidate) => url.startsWith(`${candidate.url}/`));
    if (server === undefined) throw new TypeError(`fetch failed: ${url}`);
    const outcome = await server.answer(toRequest(new URL(url), init));
    if (outcome === "hang")
      throw new Error("A fault that hangs needs a socket; make the wait up where the request is sent.");
    if (outcome === "drop" || outcome.wire.kind === "cut") throw new TypeError("fetch failed");
    const { status, headers, body } = outcome.answer;
    const bytes = body === null || [204, 205, 304].includes(status) ? null : Uint8Array.from(Buffer.from(body));
    return new Response(bytes, { status, headers });
  };
}

function toRequest(url: URL, init: RequestInit): HttpRequest {
  const { body } = init;
  if (body !== undefined && body !== null && typeof body !== "string") throw new TypeError("only texts are sent");
  return {
    method: init.method ?? "GET",
    rawPath: url.pathname,
    path: decodePath(url.pathname),
    query: url.search,
    search: url.searchParams,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: Buffer.from(body ?? ""),
  };
}
