import { describe, expect, it } from "vitest";
import { closeStamps, isOpenStamp } from "../../src/sync/stamps.ts";

const at = (seconds: number) => seconds * 1000;

describe("a stamp of PRIMARY", () => {
  it("is open until its second, and five for clocks that differ, are over", () => {
    expect(isOpenStamp(100, at(100))).toBe(true);
    expect(isOpenStamp(100, at(105.999))).toBe(true);
    expect(isOpenStamp(100, at(106))).toBe(false);
    expect(isOpenStamp(null, at(100))).toBe(false);
  });

  it("of a clock that is ahead stays open until ours is there", () => {
    expect(isOpenStamp(5000, at(100))).toBe(true);
  });

  it("that was open is another than when it is closed, and the same as long as it is open", () => {
    const stamps = new Map([
      ["clip", 100],
      ["blip", 50],
      ["esrgan", null],
    ]);
    const [open, still, closed] = [100, 105, 106].map((second) => closeStamps(stamps, at(second)));
    expect(open).toEqual(
      new Map([
        ["clip", 99.5],
        ["blip", 50],
        ["esrgan", null],
      ]),
    );
    expect(still).toEqual(open);
    expect(closed).toEqual(stamps);
    expect(closeStamps(null, at(0))).toBe(null);
  });
});
