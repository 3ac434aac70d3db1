/**
 * The table of categories: which repository and which files hold each one.
 */
import { type CategoryName, PLACED_CATEGORIES, type PlacedCategory } from "./category-names.ts";
import type { Codec } from "./files/codec.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "./files/json-codec.ts";
import { createTextCodec } from "./files/text-codec.ts";

export * from "./category-names.ts";

export interface Category extends PlacedCategory {
  readonly codec: Codec;
}

const CODECS: Readonly<Record<CategoryName, Codec>> = {
  image_generation: createJsonCodec("stable_diffusion.json", STABLE_DIFFUSION),
  blip: createJsonCodec("blip.json"),
  clip: createJsonCodec("clip.json"),
  codeformer: createJsonCodec("codeformer.json"),
  controlnet: createJsonCodec("controlnet.json"),
  esrgan: createJsonCodec("esrgan.json"),
  gfpgan: createJsonCodec("gfpgan.json"),
  safety_checker: createJsonCodec("safety_checker.json"),
  miscellaneous: createJsonCodec("miscellaneous.json"),
  text_generation: createTextCodec(),
};

export const CATEGORIES: readonly Category[] = PLACED_CATEGORIES.map((placed) => {
  return { ...placed, codec: CODECS[placed.name] };
});
