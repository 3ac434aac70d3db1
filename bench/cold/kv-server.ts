/**
 * A Workers KV namespace over HTTP, as workerd asks for one, in this process: so KV costs the measured workerd no more
 * than it costs a Worker, a request and its answer.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/api/kv.c++
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createGate } from "../gate.ts";

export interface KvServer {
  /** `host:port` */
  readonly address: string;
  /** What it holds, from now on. */
  fill(values: Iterable<readonly [string, string]>): void;
  /** Since the last `fill`, in the order in which they came. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  close(): Promise<void>;
}

export async function startKvServer(): Promise<KvServer> {
  const values = new Map<string, string>();
  const reads: string[] = [];
  const writes: string[] = [];
  // One write at a time, so that a value is whole when its key is read.
  const gate = createGate(1);
  const answer = async (message: IncomingMessage): Promise<string | null> => {
    const { pathname, searchParams } = new URL(message.url ?? "/", "http://kv");
    const key = decodeURIComponent(pathname.slice(1));
    const body = await readText(message);
    if (key === "") return listKeys(values, searchParams.get("prefix") ?? "");
    switch (message.method) {
      case "PUT":
        values.set(key, body);
        writes.push(body);
        return "";
      case "DELETE":
        values.delete(key);
        return "";
      default:
        reads.push(key);
        return values.get(key) ?? null;
    }
  };
  const server = createServer(async (message, response) => {
    await gate.enter();
    const text = await answer(message);
    response.writeHead(text === null ? 404 : 200).end(text ?? "");
    gate.leave();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port }: Partial<AddressInfo> = Object(server.address());
  return {
    address: `127.0.0.1:${port}`,
    fill(entries) {
      values.clear();
      for (const [key, value] of entries) values.set(key, value);
      reads.length = 0;
      writes.length = 0;
    },
    reads,
    writes,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listKeys(values: ReadonlyMap<string, string>, prefix: string): string {
  const names = [...values.keys()].filter((name) => name.startsWith(prefix)).sort();
  return JSON.stringify({ keys: names.map((name) => ({ name })), list_complete: true });
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
