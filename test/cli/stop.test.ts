import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { abortable, createStop, GRACE_MS } from "../../src/cli/stop.ts";
import { sleepUntil } from "../../src/core/sleep-until.ts";
import { createFakeHost } from "./fake-host.ts";

/** Time stands still until the test ends a wait. */
function createHeldHost() {
  const waits: { ms: number; end: () => void }[] = [];
  const host = createFakeHost();
  const sleep = (ms: number) => new Promise<void>((end) => void waits.push({ ms, end }));
  return { host: { ...host, clock: { ...host.clock, sleep } }, waits };
}

describe("the first signal", () => {
  it("ends a wait at once, and aborts only after the time to finish", async () => {
    const { host, waits } = createHeldHost();
    const stop = createStop(host);
    const pause = stop.pause(60_000);
    host.send("SIGTERM");
    await pause;
    expect([stop.asked.aborted, stop.aborted.aborted, stop.signal()]).toEqual([true, false, "SIGTERM"]);
    expect(waits.map(({ ms }) => ms)).toEqual([60_000, GRACE_MS]);
    waits[1]?.end();
    await setImmediate();
    expect(stop.aborted.aborted).toBe(true);
    expect(host.exits).toEqual([]);
  });

  it("lets no further wait begin", async () => {
    const { host, waits } = createHeldHost();
    const stop = createStop(host);
    host.send("SIGINT");
    await stop.pause(60_000);
    expect(waits.map(({ ms }) => ms)).toEqual([GRACE_MS]);
  });
});

describe("the second signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends the process with %i", (signal, code) => {
    const { host } = createHeldHost();
    createStop(host);
    host.send("SIGINT");
    host.send(signal);
    expect(host.exits).toEqual([code]);
  });
});

describe("a wait", () => {
  it("ends by itself when nothing happens, and leaves no listener", async () => {
    const signal = new AbortController().signal;
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === "addEventListener") listeners++;
        if (name === "removeEventListener") listeners--;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await sleepUntil(async () => {}, 1000, counted);
    expect(listeners).toBe(0);
  });
});

describe("requests", () => {
  it("end with the stop as well as with their own time-out", async () => {
    const stop = new AbortController();
    const seen: (AbortSignal | null | undefined)[] = [];
    const fetch = abortable(async (_url, init) => {
      seen.push(init.signal);
      return new Response();
    }, stop.signal);
    const own = new AbortController();
    await fetch("http://a", { signal: own.signal });
    await fetch("http://b", { signal: new AbortController().signal });
    await fetch("http://c", {});
    own.abort();
    expect(seen.map((signal) => signal?.aborted)).toEqual([true, false, false]);
    stop.abort();
    expect(seen.map((signal) => signal?.aborted)).toEqual([true, true, true]);
  });
});
