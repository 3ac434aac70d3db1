/**
 * The reads of one look at a repository. They may be started ahead of their use, so that those that do not depend on
 * each other share a round trip; each category is downloaded at most once, and none outlives the look. Does I/O
 * through ports.
 */
import type { CategoryName } from "../categories.ts";
import type { PrimaryAnswer } from "./ports.ts";

export interface Reads {
  category(name: CategoryName): Promise<PrimaryAnswer>;
  /** A blob that was asked for ahead is handed out once, so that it is not kept in memory for longer than it is used. */
  blob(sha: string): Promise<Uint8Array>;
  /** Start to read a blob; a failure shows when it is used. */
  expectBlob(sha: string): void;
  /** Resolves when every read has ended, well or not. */
  landed(): Promise<void>;
  /** Any other read, so that it is waited for too. */
  track<T>(read: Promise<T>): Promise<T>;
}

export interface ReadPorts {
  readonly category: (name: CategoryName) => Promise<PrimaryAnswer>;
  readonly blob: (sha: string) => Promise<Uint8Array>;
}

export function createReads(ports: ReadPorts): Reads {
  const all: Promise<unknown>[] = [];
  const answers = new Map<CategoryName, Promise<PrimaryAnswer>>();
  const expected = new Map<string, Promise<Uint8Array>>();
  const track = <T>(read: Promise<T>): Promise<T> => {
    all.push(read.catch(() => {}));
    return read;
  };
  return {
    track,

    category(name) {
      const answer = answers.get(name) ?? track(ports.category(name));
      answers.set(name, answer);
      return answer;
    },

    blob(sha) {
      const blob = expected.get(sha) ?? track(ports.blob(sha));
      expected.delete(sha);
      return blob;
    },

    expectBlob(sha) {
      if (!expected.has(sha)) expected.set(sha, track(ports.blob(sha)));
    },

    async landed() {
      // One that ends may have begun others.
      for (let count = 0; count < all.length; ) {
        count = all.length;
        await Promise.all(all);
      }
    },
  };
}
