import { describe, expect, it } from "vitest";
import { readSignature } from "../../src/sync/trailers.ts";

const FINGERPRINT = "5b3c".repeat(16);
const TREE = "7ae3".repeat(10);

describe("whose commit it is", () => {
  const words = `Sync-Fingerprint: ${FINGERPRINT}`;
  const signed = `${words}\nSync-Tree: ${TREE}`;
  it.each<[string, string, string]>([
    ["ours", `Sync\n\nclip\n\n${signed}`, "ours"],
    ["ours with another trailer after", `Sync\n\n${signed}\nSigned-off-by: A`, "ours"],
    ["ours with white space behind", `Sync\n\n${signed}\n\n`, "ours"],
    ["one of an earlier version", `Sync\n\nclip\n\n${words}`, "unsigned"],
    ["a person's that kept our words over another tree", `Sync\n\n${words}\nSync-Tree: ${"0".repeat(40)}`, "theirs"],
    ["a person's", "Fix a typo", "theirs"],
    ["a person's with our tree's name alone", `Fix\n\nSync-Tree: ${TREE}`, "theirs"],
    ["a person's that quotes ours in its text", `Revert\n\n${signed}\n\nbecause it was wrong`, "theirs"],
    ["a person's that quotes it in a line", `Revert\n\nThis reverts ${words}`, "theirs"],
    ["one with a cut fingerprint", `Sync\n\nSync-Fingerprint: 5b3c\nSync-Tree: ${TREE}`, "theirs"],
    ["nobody's", "", "theirs"],
  ])("%s", (_what, message, expected) => {
    expect(readSignature({ message, treeSha: TREE })).toBe(expected);
  });
});
