/**
 * What README.md and docs/ show is what the code does: the tables, and the transcripts of `npm start`.
 */
import { describe, expect, test } from "vitest";
import { readBlocks } from "../../scripts/readme-blocks.ts";
import { TABLES } from "../../scripts/readme-tables.ts";
import { recordTranscripts } from "../../scripts/readme-transcripts.ts";

describe("README.md and docs/", () => {
  test("have the tables of the code (else: npm run docs)", () => {
    const { runs: _shownByNone, ...shown } = TABLES;
    expect(readBlocks("table")).toEqual(shown);
  });

  test("have the transcripts of npm start (else: npm run docs)", async () => {
    const { preview: _shownByNone, ...shown } = await recordTranscripts();
    const transcripts = readBlocks("transcript");
    expect(Object.keys(transcripts).sort()).toEqual(Object.keys(shown).sort());
    for (const [name, text] of Object.entries(shown)) expect(transcripts[name], name).toBe(text);
  });

  test("have the figures of the last bench", () => {
    expect(Object.keys(readBlocks("bench"))).toEqual(["figures"]);
  });
});
