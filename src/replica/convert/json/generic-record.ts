import { printOptional, printRecord, printText } from "../compact-json.ts";
import { quoteShort } from "../describe-value.ts";
import type { JsonCategoryName } from "../sources.ts";
import { readCommonFields } from "./common-fields.ts";
import { CONTROLNET_STYLES } from "./known-values.ts";
import { printConfig } from "./record-config.ts";
import type { RecordFields } from "./record-fields.ts";

/** The categories whose records look alike. */
export type GenericCategoryName = Exclude<JsonCategoryName, "image_generation">;

/** What v2 says of a record's format. */
export const METADATA = printRecord({ schema_version: printText("2.0.0") });

/** A v2 record of a category that is neither image_generation nor text_generation, as JSON on one line. */
export function convertGenericRecord(category: GenericCategoryName, fields: RecordFields, key: string): string {
  const common = readCommonFields(fields, key);
  const type = category === "clip" ? fields.choice("type", CLIP_TYPES) : fields.string("type");
  return printRecord({
    record_type: printText(category),
    name: printText(common.name),
    description: printOptional(common.description),
    version: printOptional(common.version),
    metadata: METADATA,
    config: printConfig(common.config, false),
    model_classification: printClassification("image", PURPOSES[category]),
    pretrained_name: category === "clip" ? printOptional(fields.string("pretrained_name")) : null,
    // Older records have their style in `style`.
    controlnet_style: category === "controlnet" ? readControlnetStyle(fields, type || common.style) : null,
  });
}

export function printClassification(domain: string, purpose: string): string {
  return printRecord({
    domain: printText(domain),
    purpose: printText(purpose),
  });
}

const CLIP_TYPES = ["clip", "coca"];

const PURPOSES: Readonly<Record<GenericCategoryName, string>> = {
  blip: "feature_extractor",
  clip: "feature_extractor",
  codeformer: "post_processing",
  controlnet: "auxiliary_or_patch",
  esrgan: "post_processing",
  gfpgan: "post_processing",
  miscellaneous: "miscellaneous",
  safety_checker: "safety_checker",
};

function readControlnetStyle(fields: RecordFields, style: string | null): string | null {
  if (style !== null && !CONTROLNET_STYLES.includes(style)) {
    fields.note(`the controlnet style ${quoteShort(style)} is not one of ${CONTROLNET_STYLES.join(", ")}`);
  }
  return printOptional(style);
}
