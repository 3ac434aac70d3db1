import { describe, expect, it } from "vitest";
import { BodyTooLargeError, createBodyRoom, readBody } from "../../src/net/read-body.ts";

const MIB = 2 ** 20;
const CHUNK = 2 ** 16;
const LIMIT = 8 * MIB;

/** A body that counts what was asked of it. */
function countedBody(bytes: number, fill: number) {
  const counted = { pulled: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (counted.pulled >= bytes) return controller.close();
        const length = Math.min(CHUNK, bytes - counted.pulled);
        counted.pulled += length;
        controller.enqueue(new Uint8Array(length).fill(fill));
      },
    },
    { highWaterMark: 0 },
  );
  return { counted, answer: new Response(stream) };
}

describe("answers that share a room", () => {
  it("are read one at a time where they are large, each whole", async () => {
    const room = createBodyRoom(64 * MIB);
    const bodies = [1, 2, 3, 4].map((fill) => ({ fill, ...countedBody(5 * MIB, fill) }));
    let most = 0;
    const reads = bodies.map(async ({ fill, answer, counted }) => {
      const body = await readBody(answer, LIMIT, room);
      const others = bodies.filter((other) => other.counted !== counted && other.counted.pulled < 5 * MIB);
      most = Math.max(most, ...others.map((other) => other.counted.pulled));
      expect(body.length).toBe(5 * MIB);
      return body.every((byte) => byte === fill);
    });
    expect(await Promise.all(reads)).toEqual([true, true, true, true]);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2 * MIB + CHUNK);
    expect(room.leftBytes).toBe(44 * MIB);
  });

  it("wait for none that was refused, or broke off", async () => {
    const room = createBodyRoom(64 * MIB);
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(3 * MIB));
        controller.error(new Error("lost"));
      },
    });
    const reads = [
      readBody(countedBody(2 * LIMIT, 1).answer, LIMIT, room),
      readBody(new Response(broken), LIMIT, room),
      readBody(countedBody(3 * MIB, 3).answer, LIMIT, room),
      readBody(countedBody(LIMIT, 4).answer, LIMIT, room),
    ];
    const ends = await Promise.allSettled(reads);
    expect(ends.map((end) => (end.status === "fulfilled" ? end.value.length : String(end.reason)))).toEqual([
      "BodyTooLargeError: the answer is larger than 8 MiB",
      "Error: lost",
      3 * MIB,
      LIMIT,
    ]);
  });

  it("are refused once the room is full, and what is refused takes none of it", async () => {
    const room = createBodyRoom(10 * MIB);
    await readBody(countedBody(7 * MIB, 1).answer, LIMIT, room);
    const refused = readBody(countedBody(4 * MIB, 2).answer, LIMIT, room);
    await expect(refused).rejects.toThrow(BodyTooLargeError);
    await expect(refused).rejects.toThrow("larger than the 3 MiB that are left of what one run may read");
    expect(await readBody(countedBody(3 * MIB, 3).answer, LIMIT, room)).toHaveLength(3 * MIB);
    expect(room.leftBytes).toBe(0);
  });
});
