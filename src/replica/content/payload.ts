/**
 * A body to send, plain and compressed.
 */
import { gzipSync } from "node:zlib";
import { once } from "../../core/once.ts";
import type { Payload } from "./reference.ts";

/** Large enough steps to be worth it, small enough for the CPU time of a request: 1.1 MB take 6 ms. */
const GZIP_LEVEL = 5;

/** Compresses at once and not in a stream, because a stream of another invocation may never end. */
export function createPayload(bytes: Uint8Array<ArrayBuffer>): Payload {
  const compressed = once(() => new Uint8Array(gzipSync(bytes, { level: GZIP_LEVEL })));
  return { bytes, gzip: async () => compressed() };
}

/** The same of a text. */
export function payloadOf(text: string): Payload {
  return createPayload(new TextEncoder().encode(text));
}
