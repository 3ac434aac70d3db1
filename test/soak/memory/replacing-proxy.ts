/**
 * A proxy before one of the sandbox's servers that answers some requests by itself, with bytes as they are.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Replacement {
  /** Tried on path and query. */
  readonly path: RegExp;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ReplacingProxy {
  readonly url: string;
  replacements: readonly Replacement[];
  close(): Promise<void>;
}

export async function startReplacingProxy(upstream: string): Promise<ReplacingProxy> {
  const server = createServer(async (message, response) => {
    const target = message.url ?? "/";
    const chunks: Uint8Array[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const found = proxy.replacements.find(({ path }) => path.test(target));
    if (found !== undefined && message.method === "GET") {
      response.writeHead(200, { "content-type": "application/json", ...found.headers });
      response.end(found.body);
      return;
    }
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = message.headers;
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    const sent = Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
    const answer = await fetch(upstream + target, {
      method: message.method ?? "GET",
      headers: Object.fromEntries(sent),
      body,
      redirect: "manual",
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const passed = [...answer.headers].filter(
      ([name]) => !["content-length", "transfer-encoding", "connection"].includes(name),
    );
    response.writeHead(answer.status, Object.fromEntries(passed));
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const proxy: ReplacingProxy = {
    url: `http://127.0.0.1:${address.port}`,
    replacements: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
