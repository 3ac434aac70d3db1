import type { FieldChange, RecordChange } from "../../src/files/codec.ts";
import type { CategoryState } from "../../src/sync/drift.ts";

/** One category that drifts, unless `changes` says otherwise. */
export function drifting(state: Partial<CategoryState> = {}): CategoryState {
  const changes = [added("Model")];
  const files = new Map([["clip.json", "{}\n"]]);
  return { category: "clip", changes, files, warnings: [], held: null, ...state };
}

export function inSync(state: Partial<CategoryState> = {}): CategoryState {
  return drifting({ changes: [], files: new Map(), ...state });
}

export function added(name: string, value = "{}"): RecordChange {
  return { kind: "added", name, value };
}

export function removed(name: string): RecordChange {
  return { kind: "removed", name, before: "{}" };
}

export function modified(name: string, fields: readonly FieldChange[] = [field("nsfw")], value = "{}"): RecordChange {
  return { kind: "modified", name, before: "{}", value, fields };
}

export function field(name: string, before: string | null = "1", after: string | null = "2"): FieldChange {
  return { field: name, before, after };
}
