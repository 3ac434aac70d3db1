/**
 * The whole body of an answer in one buffer, with a limit. Does I/O.
 */

export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** In workerd a reader without a view of its own brings 4 KiB at a time, which costs twice the CPU. */
const FIRST_CAPACITY = 64 * 1024;

/**
 * @param maxBytes of the decoded body
 * @throws BodyTooLargeError, after which the connection is free again
 */
export async function readBody(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.body === null) return new Uint8Array();
  const read = openReader(answer.body);
  let body: Buffered = { buffer: new ArrayBuffer(firstCapacity(answer.headers, maxBytes)), length: 0 };
  for (;;) {
    // There is room for one more byte, so that a body as long as announced is not copied to see its end.
    const next = await read(body.length < body.buffer.byteLength ? body : grow(body));
    body = next.body;
    if (body.length > maxBytes) {
      await next.cancel();
      throw new BodyTooLargeError(`the answer is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB`);
    }
    if (next.isDone) return new Uint8Array(body.buffer, 0, body.length);
  }
}

interface Buffered {
  readonly buffer: ArrayBuffer;
  /** How much of it is filled. */
  readonly length: number;
}

interface Reading {
  readonly body: Buffered;
  readonly isDone: boolean;
  readonly cancel: () => Promise<void>;
}

/** The length that was announced is a hint: compression and lies make it wrong. */
function firstCapacity(headers: Headers, maxBytes: number): number {
  const announced = Number(headers.get("content-length") ?? Number.NaN);
  return announced >= 0 && announced <= maxBytes ? announced + 1 : FIRST_CAPACITY;
}

function grow({ buffer, length }: Buffered): Buffered {
  const larger = new Uint8Array(Math.max(FIRST_CAPACITY, 2 * buffer.byteLength));
  larger.set(new Uint8Array(buffer, 0, length));
  return { buffer: larger.buffer, length };
}

/** Bodies from the network fill our buffer; other streams bring chunks of their own. */
function openReader(stream: ReadableStream<Uint8Array>): (body: Buffered) => Promise<Reading> {
  const filling = openFillingReader(stream);
  if (filling === null) return openChunkReader(stream);
  return async ({ buffer, length }) => {
    const { done, value } = await filling.read(new Uint8Array(buffer, length));
    if (value === undefined) throw new Error("The body was cancelled, and the buffer went with it.");
    // The view comes back with the buffer that was lent, now under another name.
    const body = { buffer: value.buffer, length: length + value.byteLength };
    return { body, isDone: done, cancel: () => filling.cancel() };
  };
}

function openFillingReader(stream: ReadableStream<Uint8Array>) {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

function openChunkReader(stream: ReadableStream<Uint8Array>): (body: Buffered) => Promise<Reading> {
  const reader = stream.getReader();
  return async (before) => {
    const { done, value } = await reader.read();
    let body = before;
    while (value !== undefined && body.buffer.byteLength - body.length < value.byteLength) body = grow(body);
    new Uint8Array(body.buffer).set(value ?? [], body.length);
    const length = body.length + (value?.byteLength ?? 0);
    return { body: { buffer: body.buffer, length }, isDone: done, cancel: () => reader.cancel() };
  };
}
