/**
 * The runs that are broken in every way: how the world is before each, what is asked of it, and what must be true in
 * the end.
 */

import { BRANCH } from "../world/ground.ts";
import { expectInSync, expectOneRightPull } from "./truth.ts";
import type { Call, Settings, World } from "./world.ts";

export interface Scenario {
  readonly name: string;
  readonly settings?: Settings;
  /** Ends right before the run that is broken. */
  prepare(world: World): Promise<void>;
  readonly call: Call;
  /** What must be true after the run, and two more. */
  expectEnd(world: World): void;
}

/** For runs that are long, or whose parts the other scenarios show in the text repository. */
const IMAGE_ONLY: Settings = { CATEGORIES_TO_SYNC: "image_generation,esrgan" };

export const RECORD = { type: "test", nsfw: false };

/** A change that CSV can express, to all three entries of the first model. */
export function editText(world: World, description: string): void {
  const models: Record<string, Record<string, unknown>> = JSON.parse(world.primary.category("text_generation") ?? "{}");
  const [name = "", record = {}] = Object.entries(models)[0] ?? [];
  world.primary.putRecord("text_generation", name, { ...record, description });
}

/** Drift in both repositories. */
export function drift(world: World, name: string): void {
  world.clock.advance(60_000);
  world.primary.putRecord("image_generation", name, RECORD);
  editText(world, name);
}

async function published(world: World): Promise<void> {
  drift(world, "First");
  await world.run("tick");
  for (const repository of world.repositories) expectOneRightPull(world, repository);
}

const expectPulls = (world: World) => {
  for (const repository of world.repositories) expectOneRightPull(world, repository);
};

export const CREATE: Scenario = {
  name: "a first publication",
  async prepare(world) {
    drift(world, "First");
  },
  call: "tick",
  expectEnd: expectPulls,
};

export const APPEND: Scenario = {
  name: "an append",
  async prepare(world) {
    await published(world);
    drift(world, "Second");
  },
  call: "tick",
  expectEnd: expectPulls,
};

export const BASE_MOVED: Scenario = {
  name: "an append to a base that moved in our files",
  settings: IMAGE_ONLY,
  async prepare(world) {
    await published(world);
    const path = "stable_diffusion.json";
    const text = new TextDecoder().decode(
      world.github.readFile({ repository: world.image, ref: "main", path }) ?? undefined,
    );
    const files = { [path]: text.replace('"nsfw": false', '"nsfw": true') };
    world.github.commit({ repository: world.image, branch: "main", files });
  },
  call: "reconcile",
  expectEnd: expectPulls,
};

export const CLOSE: Scenario = {
  name: "a closing",
  async prepare(world) {
    const original = world.primary.category("text_generation") ?? "";
    drift(world, "First");
    await world.run("tick");
    world.clock.advance(60_000);
    world.primary.removeRecord("image_generation", "First");
    world.primary.setCategory("text_generation", original);
  },
  call: "tick",
  expectEnd(world) {
    for (const repository of world.repositories) expectInSync(world, repository);
  },
};

export const AFTER_MERGE: Scenario = {
  name: "a publication after a merge that left its branch",
  settings: IMAGE_ONLY,
  async prepare(world) {
    await published(world);
    for (const repository of world.repositories) world.github.mergePullRequest({ repository, number: 1 });
    drift(world, "Second");
  },
  call: "tick",
  expectEnd: expectPulls,
};

export const AFTER_REJECTION: Scenario = {
  name: "a publication after a rejection that left its branch",
  settings: IMAGE_ONLY,
  async prepare(world) {
    await published(world);
    for (const repository of world.repositories) world.github.closePullRequest({ repository, number: 1 });
    drift(world, "Second");
  },
  call: "tick",
  expectEnd: expectPulls,
};

export const MERGED: Scenario = {
  name: "a cleaning up after a merge",
  settings: IMAGE_ONLY,
  async prepare(world) {
    await published(world);
    for (const repository of world.repositories) world.github.mergePullRequest({ repository, number: 1 });
  },
  call: "reconcile",
  expectEnd(world) {
    for (const repository of world.repositories) expectInSync(world, repository);
  },
};

export const EDITED: Scenario = {
  name: "a person's commit on the branch",
  settings: IMAGE_ONLY,
  async prepare(world) {
    await published(world);
    for (const repository of world.repositories) {
      world.github.commit({ repository, branch: BRANCH, files: { "NOTE.md": "Mine.\n" } });
    }
    drift(world, "Second");
  },
  call: "tick",
  expectEnd(world) {
    for (const repository of world.repositories) {
      const [pull] = world.github.pullRequests(repository);
      if (pull?.state !== "open" || pull.comments.length !== 1) throw new Error(`${repository} was not left alone.`);
      if (world.github.history(repository, BRANCH)[0]?.author !== "Pat Person") throw new Error("The head was moved.");
    }
  },
};

export const COMMIT: Scenario = {
  name: "a commit to the base",
  settings: { PUBLISH: "commit" },
  async prepare(world) {
    drift(world, "First");
  },
  call: "tick",
  expectEnd(world) {
    for (const repository of world.repositories) {
      expectInSync(world, repository);
      if (world.github.history(repository, "main").length !== 2) throw new Error("There is not exactly one commit.");
    }
  },
};

export const SCENARIOS: readonly Scenario[] = [
  CREATE,
  APPEND,
  BASE_MOVED,
  CLOSE,
  AFTER_MERGE,
  AFTER_REJECTION,
  MERGED,
  EDITED,
  COMMIT,
];
