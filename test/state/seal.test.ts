/** A sealed state is taken as it stands, so that nothing may be sealed but what this very form of the service wrote. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { StoredMemories, StoredState } from "../../src/state/schema.ts";
import { isSealed, STORED_FORM, seal } from "../../src/state/seal.ts";
import { EMPTY_STATE } from "../../src/state/store.ts";
import { printState, readState } from "../../src/state/stored-state.ts";
import type { SyncState } from "../../src/state/sync-state.ts";

const STATE: SyncState = {
  ...EMPTY_STATE,
  lastUpdated: 1795219334,
  lastCheckedAt: "2026-11-28T10:00:00.000Z",
  memory: { "a/b": { baseTree: null, sameness: {}, published: null, settledAt: null } },
};

const text = await printState(STATE);
const other = await seal(`{"form":1}`);

describe("a sealed state", () => {
  it("names the form that the schemas describe (else: write the name that it must be into seal.ts)", () => {
    const forms = [StoredState, StoredMemories].map((schema) => z.toJSONSchema(schema));
    const name = createHash("sha256").update(JSON.stringify(forms)).digest("hex").slice(0, 16);
    expect(STORED_FORM).toBe(name);
  });

  it("is JSON, and is read as it was written", async () => {
    expect(await isSealed(text)).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ lastUpdated: STATE.lastUpdated, memory: STATE.memory });
    const read = await readState(text);
    expect({ ...read, memory: read.memory }).toEqual(STATE);
  });

  it("says the same as one that is checked by the schemas", async () => {
    const checked = await readState(text.replace(/"digest":"\w+",/, ""));
    expect({ ...checked, memory: checked.memory }).toEqual(STATE);
  });

  it.each([
    ["a changed value", text.replace("1795219334", "1795219335")],
    ["a value of another kind", text.replace("1795219334", '"1795219334"')],
    ["a changed digest", text.replace(/^(\{"digest":")./, "$1-")],
    ["white space", text.replace(",", ", ")],
    ["a member in front", text.replace("{", '{"version":1,')],
    ["no digest", text.replace(/"digest":"\w+",/, "")],
    ["a cut end", text.slice(0, -1)],
    ["no text", ""],
    ["another form of the same text", other.replace('"form":1', '"form":2')],
  ])("is none with %s", async (_what, damaged) => {
    expect(await isSealed(damaged)).toBe(false);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["no list of reports", { repositories: 5 }],
    ["a report that is none", { repositories: [null] }],
    ["no counters", { counters: null }],
    ["nothing that was told", { told: null }],
    ["nothing to be about", { subjects: null }],
    ["no memory", { memory: null }],
    ["a list for a memory", { memory: [] }],
    ["another version", { version: 2 }],
  ])("that somebody forged, with %s, is judged by the schemas", async (_what, forged) => {
    const { memory } = STATE;
    const sealed = await seal(JSON.stringify({ version: 1, ...STATE, memory, ...forged }));
    expect(await isSealed(sealed)).toBe(true);
    const state = await readState(sealed);
    expect(state.repositories).toEqual([]);
    expect(state.counters).toEqual(EMPTY_STATE.counters);
    expect(state.memory).toEqual({});
  });

  it("with a value of another kind is judged by the schemas, and read as nothing known", async () => {
    const state = await readState(text.replace("1795219334", '"1795219334"'));
    expect(state).toMatchObject({ lastUpdated: undefined, isUnsettled: true });
  });
});
