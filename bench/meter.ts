/**
 * A proxy between the Worker and one of the sandbox's servers: counts calls and bytes, adds latency, and can play a
 * recorded run back.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Gate } from "./gate.ts";

export interface MeteredCall {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** Milliseconds of one clock that all meters share. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly sent: Buffer;
  readonly answered: Buffer;
}

export interface Meter {
  /** The base URL to give the Worker instead of the server's. */
  readonly url: string;
  /** Since the last `reset`, in the order in which they ended. */
  readonly calls: readonly MeteredCall[];
  /** Bytes on the wire since the last `reset`, headers included, as the Worker sees them. */
  bytes(): { readonly received: number; readonly sent: number };
  reset(): void;
  /** Added before every answer. */
  setLatencyMs(ms: number): void;
  /** Answers what the server answered to the same requests, without asking it; `null` ends that. */
  replay(calls: readonly MeteredCall[] | null): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** @param gate holds requests back until so many others have been answered */
export async function startMeter(upstream: string, gate: Gate): Promise<Meter> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const calls: MeteredCall[] = [];
  let before = { received: 0, sent: 0 };
  let latencyMs = 0;
  let recorded: Map<string, MeteredCall> | null = null;

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url: target = "/" } = message;
    const sent = await readAll(message);
    const startedAt = performance.now();
    const known = recorded?.get(`${method} ${target}`);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const answer =
      known === undefined
        ? await forward({ upstream, agent, method, target, headers: message.headers, sent })
        : { status: known.status, headers: { "content-type": "application/json" }, body: known.answered };
    const { status, body: answered } = answer;
    calls.push({ method, target, startedAt, endedAt: performance.now(), status, sent, answered });
    response.writeHead(status, { ...answer.headers, "content-length": String(answered.length) });
    response.end(answered);
  };
  const server = createServer(async (message, response) => {
    await gate.enter();
    await serve(message, response).catch(() => response.destroy());
    gate.leave();
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket) => sockets.add(socket));
  const total = () => sumBytes(sockets);
  return {
    url: await listen(server),
    calls,
    bytes() {
      const now = total();
      return { received: now.received - before.received, sent: now.sent - before.sent };
    },
    reset() {
      calls.length = 0;
      before = total();
    },
    setLatencyMs(ms) {
      latencyMs = ms;
    },
    replay(made) {
      recorded = made && new Map(made.map((call) => [`${call.method} ${call.target}`, call]));
    },
    close() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function sumBytes(sockets: ReadonlySet<Socket>): { received: number; sent: number } {
  let [received, sent] = [0, 0];
  for (const { bytesWritten, bytesRead } of sockets) {
    received += bytesWritten;
    sent += bytesRead;
  }
  return { received, sent };
}

function listen(server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port }: Partial<AddressInfo> = Object(server.address());
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Forwarded {
  readonly upstream: string;
  readonly agent: Agent;
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly sent: Buffer;
}

function forward({ upstream, agent, method, target, headers, sent }: Forwarded): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = request(`${upstream}${target}`, { method, headers, agent }, (answer) => {
      readAll(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body }),
        reject,
      );
    });
    onward.on("error", reject);
    onward.end(sent);
  });
}
