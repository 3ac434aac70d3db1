/**
 * Runs over a repository in memory, and what they remember of each other.
 */

import { createRequestBudget } from "../../src/sync/request-budget.ts";
import { type RunResult, runSync } from "../../src/sync/run.ts";
import type { RunContext, RunRequest } from "../../src/sync/run-request.ts";
import { START } from "../fakes/clock.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakePrimary } from "../fakes/primary.ts";
import { createFakeRepository } from "../fakes/repository.ts";
import { configWith } from "../fakes/settings.ts";

export const CLIP = '{\n    "a": {\n        "v": 1\n    }\n}\n';
export const BLIP = '{\n    "b": {\n        "v": 1\n    }\n}\n';
export const changed = (text: string) => text.replace('"v": 1', '"v": 2');
export const compact = (text: string) => JSON.stringify(JSON.parse(text));

/** Two categories in one repository, both as PRIMARY has them. */
export async function setUp(settings: Record<string, string> = {}) {
  const image = await createFakeRepository("image", { "clip.json": CLIP, "blip.json": BLIP, "esrgan.json": "{}\n" });
  const text = await createFakeRepository("text");
  const primary = createFakePrimary({ clip: compact(CLIP), blip: compact(BLIP), esrgan: "{ }" });
  const { log, lines } = createFakeLog();
  let config = configWith({ CATEGORIES_TO_SYNC: "clip,blip", ...settings });
  let latest: RunContext["latest"] = [];
  let memory: RunContext["memory"] = {};
  let time = 0;
  let maxRequests = Number.POSITIVE_INFINITY;

  return {
    image,
    text,
    primary,
    lines,
    /** As a platform does that ends an invocation after so many requests. */
    limitTo(requests: number) {
      maxRequests = requests;
    },
    reconfigure(changes: Record<string, string>) {
      config = configWith({ CATEGORIES_TO_SYNC: "clip,blip", ...settings, ...changes });
    },
    /** Nothing is remembered of it. */
    async runOnce(request: Partial<RunRequest> = {}): Promise<RunResult> {
      const defaults = {
        id: "run-1",
        trigger: "reconcile",
        categories: null,
        isDryRun: false,
        isForced: false,
      } as const;
      return runSync(
        { ...defaults, ...request },
        {
          config,
          primary,
          repositories: { image: image.ports, text: text.ports },
          memory,
          previous: 7,
          latest,
          requests: () => ({ primary: primary.calls.length, github: image.calls.length + text.calls.length }),
          requestsTo: (role) => (role === "image" ? image : text).calls.length,
          budget: createRequestBudget(() => primary.calls.length + image.calls.length + text.calls.length, maxRequests),
          now: () => START + 1000 * time++,
          log,
        },
      );
    },
    async run(request: Partial<RunRequest> = {}): Promise<RunResult> {
      primary.calls.length = 0;
      image.calls.length = 0;
      const result = await this.runOnce(request);
      memory = result.memory;
      latest = result.report.repositories;
      return result;
    },
  };
}

export const outcomes = ({ report }: RunResult) => [
  report.outcome,
  ...report.repositories.map(({ outcome }) => outcome),
];
