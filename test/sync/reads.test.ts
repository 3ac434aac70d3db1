import { describe, expect, it } from "vitest";
import { createReads } from "../../src/sync/reads.ts";

/** Reads that end when they are told to. */
function setUp() {
  const asked: string[] = [];
  const ends = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  const ask = <T>(what: string, answer: T) => {
    asked.push(what);
    return new Promise<T>((resolve, reject) => ends.set(what, { resolve: () => resolve(answer), reject }));
  };
  const reads = createReads({
    category: (name) => ask(name, { kind: "absent" as const }),
    blob: (sha) => ask(sha, new TextEncoder().encode(sha)),
  });
  const finish = (what: string) => ends.get(what)?.resolve();
  return { asked, reads, finish, fail: (what: string, error: Error) => ends.get(what)?.reject(error) };
}

const hasEnded = async (work: Promise<unknown>) => {
  let isDone = false;
  void work.then(() => (isDone = true));
  await new Promise((resolve) => setImmediate(resolve));
  return isDone;
};

describe("the reads of one look", () => {
  it("ask for a category once", async () => {
    const { asked, reads, finish } = setUp();
    const [one, other] = [reads.category("clip"), reads.category("clip")];
    finish("clip");
    expect([await one, await other, asked]).toEqual([{ kind: "absent" }, { kind: "absent" }, ["clip"]]);
  });

  it("ask for an expected blob once, and hand it out once", async () => {
    const { asked, reads, finish } = setUp();
    reads.expectBlob("a");
    reads.expectBlob("a");
    expect(asked).toEqual(["a"]);
    const first = reads.blob("a");
    finish("a");
    expect(await first).toEqual(new TextEncoder().encode("a"));
    void reads.blob("a");
    expect(asked).toEqual(["a", "a"]);
  });

  it("have landed when all of them have ended, well or not", async () => {
    const { reads, finish, fail } = setUp();
    expect(await hasEnded(reads.landed())).toBe(true);
    void reads.category("clip");
    reads.expectBlob("a");
    let end = () => {};
    void reads.track(new Promise<void>((resolve) => (end = resolve)));
    const landed = reads.landed();
    finish("clip");
    fail("a", new Error("GitHub answered 502."));
    expect(await hasEnded(landed)).toBe(false);
    end();
    expect(await hasEnded(landed)).toBe(true);
    await expect(reads.blob("a")).rejects.toThrow("GitHub answered 502.");
  });
});
