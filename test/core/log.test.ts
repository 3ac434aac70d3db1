import { describe, expect, it } from "vitest";
import { describeError, SyncError } from "../../src/core/errors.ts";
import { createLogger, describeFault, type LogLevel } from "../../src/core/log.ts";

function collect(verbose: boolean) {
  const written: [LogLevel, unknown][] = [];
  const log = createLogger({ verbose, write: (level, line) => written.push([level, JSON.parse(line)]) });
  return { log, written };
}

describe("an event", () => {
  it("is one line of JSON with its level, its name and its fields", () => {
    const { log, written } = collect(false);
    log.info("sync.planned", { changes: 3, name: "a\nb" });
    log.error("sync.failed");
    expect(written).toEqual([
      ["info", { level: "info", event: "sync.planned", changes: 3, name: "a\nb" }],
      ["error", { level: "error", event: "sync.failed" }],
    ]);
  });

  it("carries what its logger carries, and may say it better", () => {
    const { log, written } = collect(false);
    log.with({ run: "1" }).with({ repository: "a" }).warn("x", { repository: "b" });
    log.warn("y");
    expect(written.map(([, event]) => event)).toEqual([
      { level: "warn", event: "x", run: "1", repository: "b" },
      { level: "warn", event: "y" },
    ]);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])("of level debug is written when verbose is %j", (verbose, count) => {
    const { log, written } = collect(verbose);
    log.with({ run: "1" }).debug("detail");
    expect(written).toHaveLength(count);
  });
});

describe("a fault", () => {
  const error = Object.assign(new SyncError("conflict", "Lost.", { cause: new TypeError("why", { cause: "deep" }) }), {
    request: { headers: { authorization: "Bearer secret" } },
  });

  it("is logged with its causes, and without what hangs on it", () => {
    expect(describeFault(error)).toMatchObject({
      name: "SyncError",
      message: "Lost.",
      cause: { name: "TypeError", message: "why", cause: { message: "deep" } },
    });
    expect(JSON.stringify(describeFault(error))).not.toContain("secret");
    expect(describeFault("text")).toEqual({ message: "text" });
  });

  it.each([
    ["ours", error, { code: "conflict", message: "Lost." }],
    ["a bug", new TypeError("secret"), { code: "internal", message: "An unexpected fault; the log has the details." }],
    ["no error at all", null, { code: "internal", message: "An unexpected fault; the log has the details." }],
  ])("is told to others only as far as it is meant for them: %s", (_what, thrown, expected) => {
    expect(describeError(thrown)).toEqual(expected);
  });
});
