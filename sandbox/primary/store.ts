import { parseEntries } from "../json/lossless.ts";
import { withoutRecord, withRecord } from "./edit.ts";

/** A category's line in `metadata/metadata`. */
export interface CategoryMetadata {
  category: string;
  last_updated: number;
  last_operation_type: string;
  last_operation_model: string | null;
  total_creates: number;
  total_updates: number;
  total_deletes: number;
  total_models: number;
  error_count: number;
  backend_type: string;
}

export interface PrimaryStore {
  /** The stored text of a category; null when there is none. */
  category(name: string): string | null;
  /** Stores a text as it is, whatever it holds. */
  setCategory(name: string, body: string): void;
  removeCategory(name: string): void;
  /** Adds or replaces a record. Give JSON text where key order or spellings matter. */
  putRecord(category: string, name: string, record: object | string): void;
  removeRecord(category: string, name: string): void;
  lastUpdated(): number | null;
  /** Overrides the stamp until the next change. */
  setLastUpdated(value: number | null): void;
  metadata(): Readonly<Record<string, CategoryMetadata>>;
}

export function createPrimaryStore(now: () => number): PrimaryStore {
  const texts = new Map<string, string>();
  const metadata = new Map<string, CategoryMetadata>();
  let lastUpdated: number | null = null;

  function store(category: string, text: string, operation: { type: string; model: string | null }): void {
    texts.set(category, text);
    lastUpdated = Math.max((lastUpdated ?? 0) + 1, Math.floor(now() / 1000));
    const entry = metadata.get(category) ?? freshMetadata(category);
    entry.last_updated = lastUpdated;
    entry.last_operation_type = operation.type;
    entry.last_operation_model = operation.model;
    if (operation.type === "create") entry.total_creates += 1;
    if (operation.type === "update") entry.total_updates += 1;
    if (operation.type === "delete") entry.total_deletes += 1;
    metadata.set(category, entry);
  }

  return {
    category: (name) => texts.get(name) ?? null,
    setCategory: (name, body) => store(name, body, { type: "update", model: null }),
    removeCategory(name) {
      store(name, "", { type: "delete", model: null });
      texts.delete(name);
      metadata.delete(name);
    },
    putRecord(category, name, record) {
      const entries = parseEntries(texts.get(category) ?? "{}");
      const type = entries.has(name) ? "update" : "create";
      store(category, withRecord({ category, name, entries, record }), { type, model: name });
    },
    removeRecord(category, name) {
      const entries = parseEntries(texts.get(category) ?? "{}");
      if (!entries.has(name)) throw new Error(`${category} has no record ${name}`);
      store(category, withoutRecord({ category, name, entries }), { type: "delete", model: name });
    },
    lastUpdated: () => lastUpdated,
    setLastUpdated(value) {
      lastUpdated = value;
    },
    metadata: () =>
      Object.fromEntries(
        [...metadata].map(([name, entry]) => [name, { ...entry, total_models: countModels(texts.get(name) ?? "") }]),
      ),
  };
}

function freshMetadata(category: string): CategoryMetadata {
  return {
    category,
    last_updated: 0,
    last_operation_type: "create",
    last_operation_model: null,
    total_creates: 0,
    total_updates: 0,
    total_deletes: 0,
    total_models: 0,
    error_count: 0,
    backend_type: "FileSystemBackend",
  };
}

/** A text that is no JSON object (tests store those too) counts as none. */
function countModels(text: string): number {
  try {
    return Object.keys(JSON.parse(text)).length;
  } catch {
    return 0;
  }
}
