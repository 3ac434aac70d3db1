import { describe, expect, it } from "vitest";
import type { SyncState } from "../../src/state/store.ts";
import { tellLater, tellWaiting } from "../../src/state/told.ts";
import { report, repositoryReport } from "../fakes/report.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString();
const REPOSITORY = "haidra/image";
const pullRequest = { number: 7, url: "https://github.test/pull/7" };
const open = repositoryReport({ outcome: "current", pullRequest });

function run(told: SyncState["told"], minute: number, outcome: "created" | "updated" | "current" | "closed") {
  const entry = repositoryReport({ outcome, pullRequest });
  return tellLater(told, report({ finishedAt: at(minute), repositories: [entry] }), [entry]);
}

describe("people are told of a pull request's changes", () => {
  it("at once, and then at most every half hour", () => {
    let told = run({}, 0, "created");
    expect(told).toEqual({ [REPOSITORY]: { at: at(0), waits: false, pull: 7 } });
    for (const minute of [1, 2, 29]) told = run(told, minute, "updated");
    expect(told).toEqual({ [REPOSITORY]: { at: at(0), waits: true, pull: 7 } });
    told = run(told, 30, "updated");
    expect(told).toEqual({ [REPOSITORY]: { at: at(30), waits: false, pull: 7 } });
    expect(run(told, 90, "updated")).toEqual({ [REPOSITORY]: { at: at(90), waits: false, pull: 7 } });
  });

  it("of one that comes and goes as of any other change", () => {
    let told = run({}, 0, "created");
    for (let minute = 1; minute < 30; minute++) told = run(told, minute, minute % 2 === 0 ? "created" : "closed");
    expect(told).toEqual({ [REPOSITORY]: { at: at(0), waits: true, pull: 7 } });
    expect(run(told, 30, "closed")).toEqual({ [REPOSITORY]: { at: at(30), waits: false, pull: null } });
  });

  it("of what waited when nothing more comes, once", () => {
    const waits = { [REPOSITORY]: { at: at(0), waits: true, pull: 7 } };
    expect(tellWaiting(waits, at(29), [open])).toEqual(waits);
    const told = tellWaiting(waits, at(45), [open]);
    expect(told).toEqual({ [REPOSITORY]: { at: at(45), waits: false, pull: 7 } });
    expect(tellWaiting(told, at(90), [open])).toEqual(told);
    expect(run(waits, 31, "current")).toEqual({ [REPOSITORY]: { at: at(31), waits: false, pull: 7 } });
  });

  it("also after a clock that ran ahead", () => {
    const ahead = { [REPOSITORY]: { at: "2026-11-22T10:00:00.000Z", waits: true, pull: 7 } };
    expect(tellWaiting(ahead, at(0), [open])).toEqual({ [REPOSITORY]: { at: at(0), waits: false, pull: 7 } });
  });
});
