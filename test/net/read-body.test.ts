import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BodyTooLargeError, readBody } from "../../src/net/read-body.ts";

const LIMIT = 300_000;
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

/** What a server may send, by path. */
const SENDS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/announced": (response) => response.setHeader("content-length", 200_000).end(bytesOf(200_000)),
  "/chunked": (response) => {
    for (let at = 0; at < 200_000; at += 50_000) response.write(bytesOf(200_000).subarray(at, at + 50_000));
    response.end();
  },
  "/empty": (response) => response.setHeader("content-length", 0).end(),
  "/gzip": (response) => {
    const packed = gzipSync(bytesOf(200_000));
    response.setHeader("content-encoding", "gzip").setHeader("content-length", packed.length).end(packed);
  },
  "/limit": (response) => response.setHeader("content-length", LIMIT).end(bytesOf(LIMIT)),
  "/over": (response) => response.setHeader("content-length", LIMIT + 1).end(bytesOf(LIMIT + 1)),
  "/over-chunked": (response) => response.end(Buffer.alloc(2 * LIMIT)),
  "/over-gzip": (response) => response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(2 * LIMIT))),
  "/cut": (response) => {
    response.setHeader("content-length", 200_000).write(bytesOf(100_000));
    setTimeout(() => response.destroy(), 20);
  },
};

let url = "";
const server = createServer((request, response) => SENDS[request.url ?? ""]?.(response));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.closeAllConnections());

const read = async (path: string) => readBody(await fetch(url + path), LIMIT);

describe("a body from the network", () => {
  it.each([
    ["of the announced length", "/announced", 200_000],
    ["in chunks", "/chunked", 200_000],
    ["that is compressed, so that the announced length is another", "/gzip", 200_000],
    ["as large as allowed", "/limit", LIMIT],
    ["that is empty", "/empty", 0],
  ])("%s is read whole", async (_what, path, length) => {
    expect(Buffer.from(await read(path)).equals(bytesOf(length))).toBe(true);
  });

  it.each(["/over", "/over-chunked", "/over-gzip"])("that is too large is refused: %s", async (path) => {
    await expect(read(path)).rejects.toThrow(BodyTooLargeError);
  });

  it("that is cut short is an error", async () => {
    await expect(read("/cut")).rejects.toThrow();
  });
});

describe("another stream", () => {
  const streamOf = (chunks: readonly Uint8Array[], onCancel: () => void = () => {}) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
      cancel: onCancel,
    });

  it.each([
    ["none", []],
    ["one that needs no room", [new Uint8Array()]],
    ["small ones", [bytesOf(3), bytesOf(5)]],
    ["one larger than the buffer", [bytesOf(250_000)]],
    ["many", Array.from({ length: 100 }, () => bytesOf(2000))],
  ] as [string, Uint8Array[]][])("is read from its own chunks: %s", async (_what, chunks) => {
    const body = await readBody(new Response(streamOf(chunks)), LIMIT);
    expect(Buffer.from(body).equals(Buffer.concat(chunks))).toBe(true);
  });

  it("that has no end is left when it is too large", async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytesOf(10_000)),
      cancel: () => {
        isCancelled = true;
      },
    });
    await expect(readBody(new Response(endless), LIMIT)).rejects.toThrow(BodyTooLargeError);
    expect(isCancelled).toBe(true);
  });

  it("that fails is an error, and no body is none", async () => {
    const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("lost")) });
    await expect(readBody(new Response(failing), LIMIT)).rejects.toThrow("lost");
    expect(await readBody(new Response(null), LIMIT)).toHaveLength(0);
  });
});
