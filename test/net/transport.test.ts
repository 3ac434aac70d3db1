import { describe, expect, it } from "vitest";
import { createTransport, rateLimitedUntil, TransportError, type TransportOptions } from "../../src/net/transport.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, dropped, empty, json } from "../fakes/http.ts";

const URL = "https://server.test/thing";

function setUp(answers: readonly Answer[], options: Partial<TransportOptions> = {}, clock = createFakeClock()) {
  const routes = Object.fromEntries(
    ["GET", "HEAD", "POST", "PATCH", "DELETE"].map((verb) => [`${verb} ${URL}`, answers]),
  );
  const http = createFakeHttp(routes);
  let attempts = 0;
  const onAttempt = () => {
    attempts++;
  };
  const defaults = {
    fetch: http.fetch,
    clock,
    timeoutMs: 1000,
    deadline: START + 240_000,
    maxBodyBytes: 1000,
    onAttempt,
  };
  return { clock, http, attempts: () => attempts, transport: createTransport({ ...defaults, ...options }) };
}

async function failure(answer: Promise<unknown>): Promise<TransportError> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof TransportError) return error;
  throw new Error(`Not a TransportError: ${String(error)}`);
}

const ok = json(200, { fine: true });

it("repeats nothing where there are no requests left for it", async () => {
  const { transport, attempts } = setUp([json(500, {}), ok], { mayRepeat: () => false });
  expect([(await transport(URL, {})).status, attempts()]).toEqual([500, 1]);
});

describe("what is tried again", () => {
  interface Case {
    readonly title: string;
    readonly method: string;
    readonly first: Answer;
    readonly attempts: number;
    readonly status: number | null;
  }
  it.each<Case>([
    { title: "a GET that was dropped", method: "GET", first: dropped(), attempts: 2, status: 200 },
    { title: "a GET that met a 500", method: "GET", first: json(500, {}), attempts: 2, status: 200 },
    { title: "a GET that met a 502", method: "GET", first: json(502, {}), attempts: 2, status: 200 },
    { title: "a HEAD that met a 503", method: "HEAD", first: empty(503), attempts: 2, status: 200 },
    { title: "a GET that met a 429", method: "GET", first: json(429, {}), attempts: 2, status: 200 },
    { title: "a 404 is an answer", method: "GET", first: json(404, {}), attempts: 1, status: 404 },
    { title: "a 403 without a limit is an answer", method: "GET", first: json(403, {}), attempts: 1, status: 403 },
    {
      title: "a POST that was dropped may have been done",
      method: "POST",
      first: dropped(),
      attempts: 1,
      status: null,
    },
    { title: "a PATCH that met a 502 may too", method: "PATCH", first: json(502, {}), attempts: 1, status: 502 },
    {
      title: "a POST that met a 503 with retry-after may too",
      method: "POST",
      first: json(503, {}, { "retry-after": "1" }),
      attempts: 1,
      status: 503,
    },
    { title: "a POST that met a 429 was not done", method: "POST", first: json(429, {}), attempts: 2, status: 200 },
    {
      title: "a POST that met a secondary limit was not done",
      method: "POST",
      first: json(403, {}, { "retry-after": "2" }),
      attempts: 2,
      status: 200,
    },
  ])("$title", async ({ method, first, attempts, status }) => {
    const world = setUp([first, ok]);
    const answer = await world.transport(URL, { method }).catch((error: unknown) => error);
    expect(world.attempts()).toBe(attempts);
    expect(answer instanceof Response ? answer.status : null).toBe(status);
  });

  it("gives up after three attempts, and hands over the last answer", async () => {
    const world = setUp([json(500, {}), json(502, {}), json(503, { last: true }), ok]);
    const answer = await world.transport(URL, { method: "GET" });
    expect([answer.status, await answer.json(), world.attempts()]).toEqual([503, { last: true }, 3]);
  });

  it("throws after three attempts without an answer", async () => {
    const world = setUp([dropped()]);
    const error = await failure(world.transport(URL, { method: "GET" }));
    expect([error.reason, world.attempts()]).toEqual(["network", 3]);
  });

  it("treats a missing method as GET", async () => {
    const world = setUp([json(500, {}), ok]);
    expect((await world.transport(URL, {})).status).toBe(200);
  });
});

describe("waits between attempts", () => {
  it.each([
    ["at the least", 0, [1000, 2000]],
    ["at the most", 0.999, [1999, 3998]],
  ])("grow exponentially, with jitter: %s", async (_how, random, expected) => {
    const world = setUp([json(500, {})], {}, createFakeClock({ random }));
    await world.transport(URL, { method: "GET" });
    expect(world.clock.sleeps.map(Math.round)).toEqual(expected);
  });

  it.each<[string, Answer, number]>([
    ["retry-after in seconds", json(429, {}, { "retry-after": "7" }), 7000],
    ["retry-after as a date", json(503, {}, { "retry-after": new Date(START + 9000).toUTCString() }), 9000],
    ["retry-after in the past", json(429, {}, { "retry-after": "-5" }), 0],
    [
      "x-ratelimit-reset",
      json(403, {}, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(START / 1000 + 20) }),
      20_000,
    ],
  ])("honour %s", async (_what, limited, expected) => {
    const world = setUp([limited, ok]);
    await world.transport(URL, { method: "GET" });
    expect(world.clock.sleeps).toEqual([expected + 500]);
  });

  it("end with the answer when they do not fit the deadline", async () => {
    const world = setUp([json(429, {}, { "retry-after": "60" }), ok], { deadline: START + 30_000 });
    expect((await world.transport(URL, { method: "GET" })).status).toBe(429);
    expect([world.attempts(), world.clock.sleeps]).toEqual([1, []]);
  });

  it("end with the fault when they do not fit the deadline", async () => {
    const world = setUp([dropped(), ok], { deadline: START + 100 });
    expect((await failure(world.transport(URL, { method: "GET" }))).reason).toBe("network");
    expect(world.attempts()).toBe(1);
  });
});

describe("time-outs", () => {
  it("end an attempt that hangs, and are retried with a signal of their own", async () => {
    const signals: AbortSignal[] = [];
    const hang = (_url: string, init: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        const { signal } = init;
        if (!(signal instanceof AbortSignal)) throw new Error("no signal");
        signals.push(signal);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const world = setUp([], { fetch: hang, timeoutMs: 20 });
    const error = await failure(world.transport(URL, { method: "GET" }));
    expect([error.reason, error.message]).toEqual(["timeout", "no complete answer within 0.02 s"]);
    expect(new Set(signals).size).toBe(3);
  });
});

describe("answers", () => {
  it("that are too large are cut off and not asked for again", async () => {
    let pulled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled++;
            controller.enqueue(new Uint8Array(600));
          },
        }),
      );
    const world = setUp([endless]);
    const error = await failure(world.transport(URL, { method: "GET" }));
    expect([error.reason, world.attempts()]).toEqual(["too-large", 1]);
    expect(pulled).toBeLessThan(5);
  });

  it.each([
    ["exactly the limit", 1000, true],
    ["one byte more", 1001, false],
  ])("of %s", async (_what, length, isAccepted) => {
    const world = setUp([() => new Response("x".repeat(length))]);
    const answer = world.transport(URL, { method: "GET" });
    if (isAccepted) expect((await (await answer).text()).length).toBe(length);
    else expect((await failure(answer)).reason).toBe("too-large");
  });

  it.each([204, 205, 304])("of status %d have no body", async (status) => {
    const world = setUp([empty(status)]);
    const answer = await world.transport(URL, { method: "GET" });
    expect([answer.status, answer.body]).toEqual([status, null]);
  });

  it("come without the encoding and length that no longer hold", async () => {
    const headers = { "content-encoding": "gzip", "content-length": "3", etag: '"x"' };
    const world = setUp([() => new Response("decoded", { headers })]);
    const answer = await world.transport(URL, { method: "GET" });
    expect([...answer.headers.keys()].sort()).toEqual(["content-type", "etag"]);
    expect(await answer.text()).toBe("decoded");
  });

  it("that break off within the body are network faults", async () => {
    const broken = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.error(new TypeError("terminated"));
          },
        }),
      );
    const world = setUp([broken, ok]);
    expect((await world.transport(URL, { method: "GET" })).status).toBe(200);
    expect(world.attempts()).toBe(2);
  });
});

describe("reading a rate limit", () => {
  const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(START / 1000 + 90) };
  const day = 24 * 60 * 60_000;

  it.each<[string, number, Record<string, string>, number | null]>([
    ["retry-after in seconds", 403, { "retry-after": "60" }, START + 60_000],
    ["retry-after before x-ratelimit-reset", 403, { "retry-after": "5", ...reset }, START + 5000],
    ["an exhausted primary limit", 403, reset, START + 90_000],
    ["the same as 429", 429, reset, START + 90_000],
    ["requests left", 403, { ...reset, "x-ratelimit-remaining": "1" }, null],
    ["no reset", 403, { "x-ratelimit-remaining": "0" }, null],
    ["a strange retry-after", 429, { "retry-after": "soon" }, null],
    ["a strange retry-after, and a reset", 429, { "retry-after": "soon", ...reset }, START + 90_000],
    ["a plain 403", 403, {}, null],
    ["a 503 whose limit headers are only informative", 503, reset, null],
    ["a 200 that used the last request", 200, reset, null],
    ["a 404", 404, { "retry-after": "60" }, null],
    ["a wait of a thousand years", 429, { "retry-after": "31536000000" }, START + day],
    ["a reset beyond all dates", 403, { ...reset, "x-ratelimit-reset": "1e20" }, START + day],
  ])("%s", (_what, status, headers, expected) => {
    expect(rateLimitedUntil({ status, headers: new Headers(headers) }, START)).toBe(expected);
  });
});
