/**
 * The state from its stored text. Whatever does not hold what it should reads as nothing known.
 */
import type * as z from "zod/mini";
import { once } from "../core/once.ts";
import { isJsonObject, parseJsonOrNull } from "../core/parse-json.ts";
import { sha256 } from "../files/blob.ts";
import type { StoredState } from "./schema.ts";
import { isSealed, STATE_VERSION, seal } from "./seal.ts";
import { EMPTY_STATE, type SyncState } from "./sync-state.ts";

type Stored = Omit<z.output<typeof StoredState>, "memory">;

export async function printState(state: SyncState): Promise<string> {
  const memoryDigest = sha256(JSON.stringify(state.memory));
  return seal(JSON.stringify({ version: STATE_VERSION, memoryDigest, ...state }));
}

/** Nothing stored means that the service is new; something that cannot be read means that work may be waiting. */
export async function readState(text: string | null): Promise<SyncState> {
  if (text === null) return EMPTY_STATE;
  if (await isSealed(text)) {
    const sealed: Sealed = JSON.parse(text);
    const { digest: _seal, memory, ...stored } = sealed;
    if (isWhole(sealed)) return withDefaults(stored, () => memory);
  }
  const { StoredMemories, StoredState } = await import("./schema.ts");
  const parsed = StoredState.safeParse(parseJsonOrNull(text));
  if (!parsed.success) return { ...EMPTY_STATE, isUnsettled: true };
  const { memory: raw, ...stored } = parsed.data;
  // Memory vouches for what is on GitHub, such as the blobs of a tree, and a run that is told wrong may do wrong. So it
  // counts only when its digest shows that it is just what a run wrote.
  const readMemory = (): SyncState["memory"] => {
    if (stored.memoryDigest !== sha256(JSON.stringify(raw ?? null))) return {};
    const memory = StoredMemories.safeParse(raw);
    return memory.success ? memory.data : {};
  };
  return withDefaults(stored, readMemory);
}

type Sealed = Stored & Pick<SyncState, "memory"> & { readonly digest: string };

/**
 * The seal has no secret, so that who may write to KV can make one: what everything else builds on is looked at all the
 * same, and the schemas judge a state that lacks it.
 */
function isWhole({ version, subjects, repositories, counters, told, memory }: Sealed): boolean {
  const objects: readonly unknown[] = [subjects, counters, told, memory];
  const areReports = Array.isArray(repositories) && repositories.every(isJsonObject);
  return version === STATE_VERSION && areReports && objects.every(isJsonObject);
}

function withDefaults(stored: Stored, readMemory: () => SyncState["memory"]): SyncState {
  const memory = once(readMemory);
  const { memoryDigest: _digest, version: _version, ...state } = stored;
  return {
    ...EMPTY_STATE,
    ...state,
    // Only runs need it, and most ticks start none.
    get memory() {
      return memory();
    },
  };
}
