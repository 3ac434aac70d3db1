/**
 * The whole body of an answer in one buffer, with a limit. Does I/O.
 */

export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** In workerd a reader without a view of its own brings 4 KiB at a time, which costs twice the CPU. */
const FIRST_CAPACITY = 64 * 1024;

/** Few answers are larger; those that are are read one at a time. */
const LARGE_BYTES = 2 ** 21;

/** What the bodies of one run share. */
export interface BodyRoom {
  /** For all that are still to come. */
  leftBytes: number;
  /** Waits until no other large body is on its way. */
  enter(): Promise<Turn>;
}

interface Turn {
  /** A large buffer that nobody needs any more. */
  readonly spare: ArrayBuffer | null;
  /** Whether somebody waits for the next turn. */
  isWanted(): boolean;
  end(spare: ArrayBuffer | null): void;
}

/** @param maxBytes of all bodies together, decoded */
export function createBodyRoom(maxBytes: number): BodyRoom {
  let last: Promise<ArrayBuffer | null> = Promise.resolve(null);
  let waiting = 0;
  return {
    leftBytes: maxBytes,
    async enter() {
      const before = last;
      let end: Turn["end"] = () => {};
      last = new Promise((resolve) => {
        end = resolve;
      });
      waiting++;
      const spare = await before;
      waiting--;
      return { spare, isWanted: () => waiting > 0, end };
    },
  };
}

/**
 * However many answers arrive at once, and whatever they say of their length, at most one buffer is larger than
 * `LARGE_BYTES`; it grows to the limit and not beyond, and serves the next one too.
 *
 * @param maxBytes of the decoded body
 * @throws BodyTooLargeError, after which the connection is free again
 */
export async function readBody(
  answer: Response,
  maxBytes: number,
  room: BodyRoom = createBodyRoom(Number.POSITIVE_INFINITY),
): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.body === null) return new Uint8Array();
  const read = openReader(answer.body);
  const announced = announcedLength(answer.headers, maxBytes);
  let body: Buffered = { buffer: new ArrayBuffer(Math.min(announced ?? FIRST_CAPACITY, LARGE_BYTES)), length: 0 };
  let turn: Turn | null = null;
  try {
    for (;;) {
      // There is room for one more byte, so that a body as long as announced is not copied to see its end.
      if (body.length === body.buffer.byteLength) {
        const wanted = Math.min(Math.max(FIRST_CAPACITY, announced ?? 0, 2 * body.length), maxBytes + 1);
        if (wanted > LARGE_BYTES) turn ??= await room.enter();
        body = move(body, largerBuffer(wanted, turn?.spare ?? null, body));
      }
      const next = await read(body);
      body = next.body;
      const tooLarge = explainTooLarge(body.length, maxBytes, room);
      if (tooLarge !== null) {
        await next.cancel();
        throw new BodyTooLargeError(tooLarge);
      }
      if (!next.isDone) continue;
      room.leftBytes -= body.length;
      const whole = new Uint8Array(body.buffer, 0, body.length);
      return turn?.isWanted() === true ? whole.slice() : whole;
    }
  } finally {
    // A buffer that was lent to a read that failed is gone, and has no length.
    turn?.end(turn.isWanted() && body.buffer.byteLength > LARGE_BYTES ? body.buffer : null);
  }
}

/** The spare one serves once: when it was lent to a read it has no length, and else it is the body's own. */
function largerBuffer(wanted: number, spare: ArrayBuffer | null, body: Buffered): ArrayBuffer {
  const isFresh = spare !== null && spare.byteLength >= wanted && spare !== body.buffer;
  return isFresh ? spare : new ArrayBuffer(wanted);
}

function explainTooLarge(length: number, maxBytes: number, { leftBytes }: BodyRoom): string | null {
  if (length > maxBytes) return `the answer is larger than ${inMebibytes(maxBytes)}`;
  if (length <= leftBytes) return null;
  return `the answer is larger than the ${inMebibytes(leftBytes)} that are left of what one run may read`;
}

function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
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

/** One byte more than the length that was announced: a hint, which compression and lies make wrong. */
function announcedLength(headers: Headers, maxBytes: number): number | null {
  const announced = Number(headers.get("content-length") ?? Number.NaN);
  return announced >= 0 && announced <= maxBytes ? announced + 1 : null;
}

function move({ buffer, length }: Buffered, larger: ArrayBuffer): Buffered {
  new Uint8Array(larger).set(new Uint8Array(buffer, 0, length));
  return { buffer: larger, length };
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
  let left: Uint8Array = new Uint8Array();
  return async ({ buffer, length }) => {
    let isDone = false;
    if (left.byteLength === 0) {
      const { done, value } = await reader.read();
      isDone = done;
      left = value ?? new Uint8Array();
    }
    const fitting = left.subarray(0, buffer.byteLength - length);
    left = left.subarray(fitting.byteLength);
    new Uint8Array(buffer).set(fitting, length);
    return { body: { buffer, length: length + fitting.byteLength }, isDone, cancel: () => reader.cancel() };
  };
}
