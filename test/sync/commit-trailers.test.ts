/** Git itself reads the messages of commits. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readSignature } from "../../src/sync/trailers.ts";
import { HOSTILE, hostileText } from "../fakes/hostile-text.ts";
import { commitMessage, TRAILERS, TREE, withTexts } from "./commit-message.ts";

const trailers = (message: string) => {
  const parsed = spawnSync("git", ["interpret-trailers", "--parse"], { input: message, encoding: "utf8" });
  if (parsed.status !== 0) throw new Error(parsed.stderr);
  return parsed.stdout;
};

it.each<[string, readonly string[]]>([
  ["no text of PRIMARY at all", ["a"]],
  ["every hostile text", HOSTILE],
  [
    "a trailer of its own",
    ["Sync-Fingerprint: 0", "Sync-Tree: 0", "Co-authored-by: A <a@evil.test>", "Signed-off-by: B"],
  ],
  ["a line that git takes for the end", ["---", "\n---\n", "# comment", "\n# Please enter"]],
])("parses to our three trailers with %s", (_what, names) => {
  const message = commitMessage(withTexts(names));
  expect(trailers(message)).toBe(TRAILERS);
  expect(readSignature({ message, treeSha: TREE })).toBe("ours");
});

it("parses to our three trailers with any text", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (names) => {
      expect(trailers(commitMessage(withTexts(names)))).toBe(TRAILERS);
    }),
    { numRuns: 40 },
  );
});
