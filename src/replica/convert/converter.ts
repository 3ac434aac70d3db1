/**
 * What the replica needs of the formats; tests may put something smaller in its place.
 */
import { convertReference } from "./convert.ts";
import { readLegacy, sourcePaths } from "./legacy.ts";
import { groupModels } from "./text/grouped-models.ts";

export interface Converter {
  readonly sourcePaths: typeof sourcePaths;
  readonly readLegacy: typeof readLegacy;
  readonly convertReference: typeof convertReference;
  readonly groupModels: typeof groupModels;
}

export const CONVERTER: Converter = { sourcePaths, readLegacy, convertReference, groupModels };
