import { describe, expect, it } from "vitest";
import type { SyncState } from "../../src/state/store.ts";
import { tellLater, tellWaiting } from "../../src/state/told.ts";
import { report, repositoryReport } from "../fakes/report.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString();
const REPOSITORY = "haidra/image";

function run(told: SyncState["told"], minute: number, outcome: "created" | "updated" | "current") {
  return tellLater(told, report({ finishedAt: at(minute), repositories: [repositoryReport({ outcome })] }));
}

describe("people are told of a pull request's changes", () => {
  it("at once, and then at most every half hour", () => {
    let told = run({}, 0, "created");
    expect(told).toEqual({ [REPOSITORY]: { at: at(0), waits: false } });
    for (const minute of [1, 2, 29]) told = run(told, minute, "updated");
    expect(told).toEqual({ [REPOSITORY]: { at: at(0), waits: true } });
    told = run(told, 30, "updated");
    expect(told).toEqual({ [REPOSITORY]: { at: at(30), waits: false } });
    expect(run(told, 90, "updated")).toEqual({ [REPOSITORY]: { at: at(90), waits: false } });
  });

  it("of what waited when nothing more comes, once", () => {
    const waits = { [REPOSITORY]: { at: at(0), waits: true } };
    expect(tellWaiting(waits, at(29))).toEqual(waits);
    const told = tellWaiting(waits, at(45));
    expect(told).toEqual({ [REPOSITORY]: { at: at(45), waits: false } });
    expect(tellWaiting(told, at(90))).toEqual(told);
    expect(run(waits, 31, "current")).toEqual({ [REPOSITORY]: { at: at(31), waits: false } });
  });

  it("also after a clock that ran ahead", () => {
    const ahead = { [REPOSITORY]: { at: "2026-11-22T10:00:00.000Z", waits: true } };
    expect(tellWaiting(ahead, at(0))).toEqual({ [REPOSITORY]: { at: at(0), waits: false } });
  });
});
