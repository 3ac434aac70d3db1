/**
 * What a path asks of the replica: the real server's paths, with and without `/api` (DESIGN.md section 9). Pure.
 */
import { CATEGORY_NAMES, type CategoryName, PRIMARY_CATEGORIES, type PrimaryCategory } from "../../categories.ts";

export type ApiVersion = "v1" | "v2";

export type ReplicaTarget =
  | { readonly kind: "heartbeat" | "replicate-mode" }
  | { readonly kind: "info" | "categories" | "metadata"; readonly version: ApiVersion }
  | { readonly kind: "category"; readonly version: ApiVersion; readonly name: string }
  | { readonly kind: "model"; readonly category: string; readonly name: string }
  /** Below the API's own prefix, and nothing to read. */
  | { readonly kind: "nothing" };

/** DESIGN.md writes some v2 paths without the prefix, so that they are understood like that too. */
const API = /^(?:\/api)?(?:\/model_references)?\/(v[12])\/(.+?)\/?$/;
const OWN = /^(?:\/api)?\/model_references(?:\/|$)/;
const SERVER = /^(?:\/api)?\/(heartbeat|replicate_mode)\/?$/;
const METADATA = /^metadata\/(?:last_updated|metadata|[^/]+(?:\/last_updated)?)$/;
const MODEL = /^([^/]+)\/model\/(.+)$/;

/** @param path as it stands in the URL, percent-encoded. @returns `null` for a path that is not the replica's */
export function readTarget(path: string): ReplicaTarget | null {
  const server = SERVER.exec(path)?.[1];
  if (server !== undefined) return { kind: server === "heartbeat" ? "heartbeat" : "replicate-mode" };
  const [, version, rest = ""] = API.exec(path) ?? [];
  if (version === "v1" || version === "v2") return readApiTarget(version, rest);
  return OWN.test(path) ? { kind: "nothing" } : null;
}

function readApiTarget(version: ApiVersion, rest: string): ReplicaTarget {
  if (rest === "info") return { kind: "info", version };
  if (rest === "model_categories") return { kind: "categories", version };
  if (METADATA.test(rest)) return { kind: "metadata", version };
  const [, category, name] = MODEL.exec(rest) ?? [];
  if (version === "v2" && category !== undefined && name !== undefined)
    return { kind: "model", category: decode(category), name: decode(name) };
  return rest.includes("/") ? { kind: "nothing" } : { kind: "category", version, name: decode(rest) };
}

/** What cannot be decoded is no name, and is refused as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A category by the name that a v1 path gives: its own, that of its legacy file (`stable_diffusion`, `db.json`), each
 * with `.json` or without. @returns `null` for an unknown one
 */
export function findLegacyCategory(name: string): PrimaryCategory | null {
  if (name === "db.json") return "text_generation";
  const bare = name.replace(/\.json$/, "");
  return bare === "stable_diffusion" ? "image_generation" : findCategory(bare);
}

/** A category by its own name, which is all that v2 takes. */
export function findCategory(name: string): PrimaryCategory | null {
  return PRIMARY_CATEGORIES.find((known) => known === name) ?? null;
}

/** Whether the category has a legacy file, and so something to serve. */
export function hasLegacyFile(category: PrimaryCategory): category is CategoryName {
  return CATEGORY_NAMES.some((name) => name === category);
}

/** Known, and served by other means: the real server answers `{}`. */
export function isManagedElsewhere(category: PrimaryCategory): boolean {
  return category === "lora" || category === "ti";
}
