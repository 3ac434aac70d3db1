/**
 * The names of the categories, and which repository holds each; what is in their files `categories.ts` knows.
 */

/** The two legacy repositories, by what they are about. */
export type RepositoryRole = "image" | "text";
export const REPOSITORY_ROLES: readonly RepositoryRole[] = ["image", "text"];

const TABLE = [
  ["image_generation", "image"],
  ["blip", "image"],
  ["clip", "image"],
  ["codeformer", "image"],
  ["controlnet", "image"],
  ["esrgan", "image"],
  ["gfpgan", "image"],
  ["safety_checker", "image"],
  ["miscellaneous", "image"],
  ["text_generation", "text"],
] as const satisfies readonly (readonly [name: string, role: RepositoryRole])[];

/** A category that has a legacy file, and so can be synced. */
export type CategoryName = (typeof TABLE)[number][0];

export const CATEGORY_NAMES: readonly CategoryName[] = TABLE.map(([name]) => name);

export interface PlacedCategory {
  readonly name: CategoryName;
  /** Of the repository that holds it. */
  readonly role: RepositoryRole;
}

export const PLACED_CATEGORIES: readonly PlacedCategory[] = TABLE.map(([name, role]) => ({ name, role }));

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
