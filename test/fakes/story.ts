import type { Delta } from "../../src/sync/delta.ts";
import type { Story } from "../../src/sync/story.ts";

/** A pull request's story, made of `delta`. */
export function storyOf(delta: Delta, rest: Partial<Story> = {}): Story {
  return {
    delta,
    keptBack: [],
    unknown: [],
    fingerprint: "5b3c".repeat(16),
    primaryUrl: "https://primary.test",
    source: "0123abcd",
    statusUrl: null,
    repositoryUrl: "https://github.test/o/n",
    baseCommit: "ba5e".repeat(10),
    ...rest,
  };
}
