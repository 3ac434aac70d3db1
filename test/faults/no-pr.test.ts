/**
 * A setting that says not to write holds for every way into the service, whatever a caller asks for.
 */
import { expect, it } from "vitest";
import { drift } from "./scenarios.ts";
import { describeWorlds } from "./world.ts";

const createWorld = describeWorlds();

it.each([{ NO_PR: "true" }, { DRY_RUN: "true" }, { NO_PR: "true", PUBLISH: "commit" }])(
  "%j writes nothing to GitHub",
  async (settings) => {
    const world = await createWorld(settings);
    drift(world, "First");
    const reports = [
      await world.run("tick"),
      await world.run("reconcile"),
      await world.run({ isForced: true }),
      await world.run({ isDryRun: false, categories: ["image_generation"] }),
    ];
    expect(reports.map((report) => [report?.dryRun, report?.outcome])).toEqual(reports.map(() => [true, "planned"]));
    const calls = world.calls();
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((call) => !call.startsWith("GET "))).toEqual([]);
    await world.close();
  },
);
