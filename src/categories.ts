/**
 * The table of categories: which repository and which files hold each one.
 */
import type { Codec } from "./files/codec.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "./files/json-codec.ts";
import { createTextCodec } from "./files/text-codec.ts";

/** The two legacy repositories, by what they are about. */
export type RepositoryRole = "image" | "text";
export const REPOSITORY_ROLES: readonly RepositoryRole[] = ["image", "text"];

export interface Category {
  readonly name: CategoryName;
  readonly role: RepositoryRole;
  readonly codec: Codec;
}

const TABLE = [
  ["image_generation", "image", createJsonCodec("stable_diffusion.json", STABLE_DIFFUSION)],
  ["blip", "image", createJsonCodec("blip.json")],
  ["clip", "image", createJsonCodec("clip.json")],
  ["codeformer", "image", createJsonCodec("codeformer.json")],
  ["controlnet", "image", createJsonCodec("controlnet.json")],
  ["esrgan", "image", createJsonCodec("esrgan.json")],
  ["gfpgan", "image", createJsonCodec("gfpgan.json")],
  ["safety_checker", "image", createJsonCodec("safety_checker.json")],
  ["miscellaneous", "image", createJsonCodec("miscellaneous.json")],
  ["text_generation", "text", createTextCodec()],
] as const;

/** A category that has a legacy file, and so can be synced. */
export type CategoryName = (typeof TABLE)[number][0];

export const CATEGORIES: readonly Category[] = TABLE.map(([name, role, codec]) => ({ name, role, codec }));
export const CATEGORY_NAMES: readonly CategoryName[] = TABLE.map(([name]) => name);

/** Every category that PRIMARY knows, in its order. Asking to sync one that has no legacy file is an error. */
export const PRIMARY_CATEGORIES = [
  "blip",
  "clip",
  "codeformer",
  "controlnet",
  "controlnet_annotator",
  "esrgan",
  "gfpgan",
  "safety_checker",
  "image_generation",
  "text_generation",
  "video_generation",
  "audio_generation",
  "miscellaneous",
  "lora",
  "ti",
] as const;

export type PrimaryCategory = (typeof PRIMARY_CATEGORIES)[number];

/**
 * Check a list of category names; the result is in the table's order and free of duplicates.
 *
 * @returns the categories, or a sentence that names what is wrong and what is valid
 */
export function selectCategories(names: readonly string[]): readonly CategoryName[] | { problem: string } {
  const valid = `Valid categories: ${CATEGORY_NAMES.join(", ")}.`;
  if (names.length === 0) return { problem: `No category was given. ${valid}` };
  const wanted = new Set(names);
  for (const name of wanted) {
    if (CATEGORY_NAMES.some((known) => known === name)) continue;
    const why = PRIMARY_CATEGORIES.some((known) => known === name)
      ? "has no legacy file and is never synced"
      : "is not a category";
    return { problem: `${JSON.stringify(name.slice(0, 80))} ${why}. ${valid}` };
  }
  return CATEGORY_NAMES.filter((name) => wanted.has(name));
}
