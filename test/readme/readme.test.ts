/**
 * What README.md shows is what the code does: its tables of states, and its transcripts of `npm start`.
 */
import { describe, expect, test } from "vitest";
import { type BlockKind, type Blocks, readBlocks } from "../../scripts/readme-blocks.ts";
import { TABLES } from "../../scripts/readme-tables.ts";
import { recordTranscripts } from "../../scripts/readme-transcripts.ts";

/** Only what has a place in the README is shown there; what is left out is no mistake. */
function blocksOf(kind: BlockKind): Blocks {
  const blocks = readBlocks(kind);
  if (Object.keys(blocks).length === 0) console.warn(`SKIPPED: README.md has no <!-- ${kind}:NAME --> block.`);
  return blocks;
}

describe("README.md", () => {
  const tables = blocksOf("table");
  test.skipIf(Object.keys(tables).length === 0)(
    "has the tables of the code (else: node scripts/readme-tables.ts)",
    () => {
      expect(TABLES).toMatchObject(tables);
    },
  );

  const transcripts = blocksOf("transcript");
  test.skipIf(Object.keys(transcripts).length === 0)(
    "has the transcripts of npm start (else: node scripts/readme-transcripts.ts)",
    async () => {
      const recorded = await recordTranscripts();
      expect(Object.keys(recorded)).toEqual(expect.arrayContaining(Object.keys(transcripts)));
      for (const [name, text] of Object.entries(transcripts)) expect(text, name).toBe(recorded[name]);
    },
  );
});
