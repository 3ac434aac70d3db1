/**
 * What a path asks of the replica: the real server's paths, with and without `/api`. Pure.
 */
import { CATEGORY_NAMES, type CategoryName, PRIMARY_CATEGORIES, type PrimaryCategory } from "../../categories.ts";

export type ApiVersion = "v1" | "v2";

export type ReplicaTarget =
  | { readonly kind: "landing" | "heartbeat" | "replicate-mode" }
  | { readonly kind: "info" | "categories" | "last-updated"; readonly version: ApiVersion }
  /** `category` is `null` for that of all. */
  | { readonly kind: "metadata"; readonly category: string | null }
  | { readonly kind: "category"; readonly version: ApiVersion; readonly name: string }
  | { readonly kind: "model"; readonly category: string; readonly name: string }
  /** `category` is `null` for all. */
  | { readonly kind: "search"; readonly category: string | null }
  | { readonly kind: "popular" | "pending"; readonly category: string }
  /** Below one of the API's own prefixes, and nothing to read. */
  | { readonly kind: "nothing" };

/** Some write v2 paths without the prefix, so that they are understood like that too. */
const API = /^(?:\/api)?(?:\/model_references)?\/(v[12])\/(.+?)\/?$/;
/** Nothing else of ours begins so. */
const OWN = /^\/(?:api|model_references)(?:\/|$)/;
const SERVER = /^(?:\/api)?\/(heartbeat|replicate_mode)\/?$/;
const LANDING = /^\/api\/?$/;
const METADATA = /^metadata\/([^/]+)(\/last_updated)?$/;
const MODEL = /^([^/]+)\/model\/(.+)$/;
const QUESTION = /^([^/]+)\/(search|popular|pending)$/;

/** @param path as it stands in the URL, percent-encoded. @returns `null` for a path that is not the replica's */
export function readTarget(path: string): ReplicaTarget | null {
  const server = SERVER.exec(path)?.[1];
  if (server !== undefined) return { kind: server === "heartbeat" ? "heartbeat" : "replicate-mode" };
  const [, version, rest = ""] = API.exec(path) ?? [];
  if (version === "v1" || version === "v2") return readApiTarget(version, rest);
  if (LANDING.test(path)) return { kind: "landing" };
  return OWN.test(path) ? { kind: "nothing" } : null;
}

function readApiTarget(version: ApiVersion, rest: string): ReplicaTarget {
  if (rest === "info") return { kind: "info", version };
  if (rest === "model_categories") return { kind: "categories", version };
  const metadata = readMetadata(version, rest) ?? (version === "v2" ? readQuestion(rest) : null);
  if (metadata !== null) return metadata;
  return rest.includes("/") ? { kind: "nothing" } : { kind: "category", version, name: decode(rest) };
}

function readMetadata(version: ApiVersion, rest: string): ReplicaTarget | null {
  const [, name, suffix] = METADATA.exec(rest) ?? [];
  if (name === undefined) return null;
  if (name === "last_updated" && suffix === undefined) return { kind: "last-updated", version };
  return { kind: "metadata", category: name === "metadata" && suffix === undefined ? null : decode(name) };
}

/** What only v2 knows. */
function readQuestion(rest: string): ReplicaTarget | null {
  if (rest === "search") return { kind: "search", category: null };
  const [, category, name] = MODEL.exec(rest) ?? [];
  if (category !== undefined && name !== undefined)
    return { kind: "model", category: decode(category), name: decode(name) };
  const [, of, question] = QUESTION.exec(rest) ?? [];
  if (of === undefined) return null;
  switch (question) {
    case "search":
    case "popular":
    case "pending":
      return { kind: question, category: decode(of) };
    default:
      return null;
  }
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

/** Known, and served by other means: the real server answers `{}` in v1, and does not list it in v2. */
export function isManagedElsewhere(category: PrimaryCategory): boolean {
  return category === "lora" || category === "ti";
}
