import type { FieldChange, RecordChange } from "../../src/files/codec.ts";
import type { CategoryDelta } from "../../src/sync/delta.ts";

/** One category that differs, unless `changes` says otherwise. */
export function drifting(entry: Partial<CategoryDelta> = {}): CategoryDelta {
  return { category: "clip", changes: [added("Model")], files: ["clip.json"], warnings: [], ...entry };
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

export function renamed(from: string, name: string, fields: readonly FieldChange[] = [], value = "{}"): RecordChange {
  return { kind: "renamed", from, name, before: "{}", value, fields };
}

export function field(name: string, before: string | null = "1", after: string | null = "2"): FieldChange {
  return { field: name, before, after };
}
