import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bucket, draw as drawFrom, SCHEDULED_RUNS } from "../../src/state/bucket.ts";

const MINUTE = 60_000;
const draw = (bucket: Bucket | null, now: number) => drawFrom(bucket, now, SCHEDULED_RUNS);
const START = Date.UTC(2026, 10, 21);

/** How many runs may begin, tick by tick. */
function drawAt(minutes: readonly number[], first: Bucket | null = null) {
  let bucket = first;
  return minutes.map((minute) => {
    const drawn = draw(bucket, START + minute * MINUTE);
    if (drawn.kind === "drawn") bucket = drawn.bucket;
    return drawn.kind === "drawn";
  });
}

describe("the bucket of scheduled runs", () => {
  it("holds ten, and one more every five minutes", () => {
    const day = drawAt(Array.from({ length: 24 * 60 }, (_, minute) => minute));
    // One comes back while the first ten go.
    expect(day.slice(0, 14)).toEqual([...Array(12).fill(true), false, false]);
    expect(day.filter(Boolean)).toHaveLength(10 + (24 * 60) / 5 - 1);
  });

  it("says when the next may begin", () => {
    const empty: Bucket = { left: 0, at: START };
    expect(draw(empty, START + 4 * MINUTE)).toEqual({ kind: "empty", until: START + 5 * MINUTE });
    expect(draw(empty, START + 7 * MINUTE)).toEqual({
      kind: "drawn",
      bucket: { left: 0, at: START + 5 * MINUTE },
    });
  });

  it("is full again after an hour without a run", () => {
    expect(draw({ left: 0, at: START }, START + 60 * MINUTE)).toEqual({
      kind: "drawn",
      bucket: { left: 9, at: START + 60 * MINUTE },
    });
  });

  it("is not stopped by a clock that was set back", () => {
    const ahead: Bucket = { left: 0, at: START + 20 * 60 * MINUTE };
    expect(drawAt([0, 4], ahead)).toEqual([false, false]);
    const drawn = draw({ left: 1, at: START + 20 * 60 * MINUTE }, START);
    expect(drawn).toEqual({ kind: "drawn", bucket: { left: 0, at: START } });
  });

  it("never gives more than ten and one for each five minutes, whatever is stored", () => {
    const stored = fc.record({ left: fc.double({ noNaN: true }), at: fc.integer({ min: 0, max: 2 * START }) });
    fc.assert(
      fc.property(stored, fc.array(fc.nat(20), { maxLength: 60 }), (bucket, gaps) => {
        const minutes = gaps.map((_gap, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
        const runs = drawAt(minutes, bucket).filter(Boolean).length;
        expect(runs).toBeLessThanOrEqual(10 + Math.ceil((minutes.at(-1) ?? 0) / 5) + 1);
      }),
    );
  });
});
