import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultAction, FaultList } from "../faults.ts";
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "./answer.ts";
import { firstHalf, injectedAnswer } from "./injected.ts";
import { send, sendOver, WHOLE, type Wire } from "./wire.ts";

export interface RequestLogEntry {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** `""` or `?a=b`. */
  readonly query: string;
  /** 0 while it is under way, and for a request that was dropped or left hanging. */
  status: number;
  /** Milliseconds since the epoch, when the request had arrived completely. */
  readonly at: number;
  /** All but `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The request's body as text, cut at 256 kB. */
  readonly body?: string;
}

export interface HttpServerOptions {
  readonly port: number;
  readonly faults: FaultList;
  readonly log: RequestLogEntry[];
  /** Runs without a pause between its reads and its writes, so that requests never interleave. */
  readonly handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  /** Sees every request that is logged, also one that a fault is about to hit. */
  readonly onRequest?: (request: HttpRequest) => void;
  /** Requests for which this is false are neither logged nor hit by faults (pages for people). */
  readonly isLogged?: (request: HttpRequest) => boolean;
}

export interface HttpServer {
  readonly url: string;
  /** Answers in this process and without a socket: logged and hit by faults as any request. */
  readonly answer: (request: HttpRequest) => Promise<Outcome>;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_LOGGED_CHARACTERS = 256 * 1024;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((message, response) => {
    serve(options, message, response).catch((error: unknown) => {
      console.error("sandbox: a request failed", error);
      if (!response.headersSent) send(response, jsonAnswer(500, { message: "Server Error" }));
    });
  });
  server.keepAliveTimeout = 60_000;
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("no TCP address"));
      else resolve(bound);
    });
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    answer: (request) => answerRequest(options, request),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(options: HttpServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(message);
  if (request === null) return void send(response, jsonAnswer(413, { message: "Payload Too Large" }));
  const outcome = await answerRequest(options, request);
  if (outcome === "hang") return;
  if (outcome === "drop") return void message.socket.destroy();
  await sendOver(outcome.wire, response, outcome.answer);
}

/** What a request comes to: an answer and how it travels, a connection that breaks, or nothing at all. */
export type Outcome = "drop" | "hang" | { readonly answer: HttpAnswer; readonly wire: Wire };

async function answerRequest(options: HttpServerOptions, request: HttpRequest): Promise<Outcome> {
  if (options.isLogged?.(request) === false) return { answer: await options.handle(request), wire: WHOLE };
  const entry = logEntry(request);
  options.log.push(entry);
  options.onRequest?.(request);
  const outcome = await applyFault(options.faults.take(request), () => options.handle(request));
  if (typeof outcome !== "string") entry.status = outcome.answer.status;
  return outcome;
}

async function applyFault(fault: FaultAction | null, handle: () => HttpAnswer | Promise<HttpAnswer>): Promise<Outcome> {
  const whole = (answer: HttpAnswer) => ({ answer, wire: WHOLE });
  if (fault === null) return whole(await handle());
  switch (fault.type) {
    case "status":
    case "body":
    case "html":
      return whole(injectedAnswer(fault));
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
      return whole(await handle());
    case "truncate":
      return whole(firstHalf(await handle()));
    case "cut":
      return { answer: await handle(), wire: { kind: "cut" } };
    case "trickle":
      return { answer: await handle(), wire: { kind: "trickle", ms: fault.ms ?? 100, bytes: fault.bytes ?? 16 } };
    case "drop-before":
      return "drop";
    case "drop-after":
      await handle();
      return "drop";
    case "hang":
      return "hang";
  }
}

async function readRequest(message: IncomingMessage): Promise<HttpRequest | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  if (length > MAX_BODY_BYTES) return null;
  const target = message.url ?? "/";
  const cut = target.indexOf("?");
  const rawPath = cut < 0 ? target : target.slice(0, cut);
  const query = cut < 0 ? "" : target.slice(cut);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: message.method ?? "GET",
    rawPath,
    path: decodePath(rawPath),
    query,
    search: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
  };
}

export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function logEntry(request: HttpRequest): RequestLogEntry {
  const { authorization: _secret, ...headers } = request.headers;
  const entry = {
    method: request.method,
    path: request.path,
    query: request.query,
    status: 0,
    at: Date.now(),
    headers,
  };
  if (request.body.length === 0) return entry;
  return { ...entry, body: Buffer.from(request.body.subarray(0, MAX_LOGGED_CHARACTERS)).toString("utf8") };
}
