/**
 * The fields of v2 records and the names of their types, as the real server's searches know them.
 */
import type { PrimaryCategory } from "../../categories.ts";

export interface RecordType {
  /** As error messages of the real server name it. */
  readonly name: string;
  /** In the order of its answers. */
  readonly fields: readonly string[];
}

const GENERIC_FIELDS = [
  "record_type",
  "name",
  "description",
  "version",
  "finetune_series",
  "metadata",
  "config",
  "model_classification",
  "size_on_disk_bytes",
] as const;

function recordType(name: string, ...own: readonly string[]): RecordType {
  return { name: `${name}ModelRecord`, fields: [...GENERIC_FIELDS, ...own] };
}

/** That of a search across categories. */
export const ANY_RECORD: RecordType = recordType("Generic");

const MEDIA_FIELDS = ["baseline", "nsfw", "tags"];
const PATCH_FIELDS = [...MEDIA_FIELDS, "trigger", "homepage", "showcases"];

export const RECORD_TYPES: Readonly<Record<PrimaryCategory, RecordType>> = {
  blip: recordType("Blip"),
  clip: recordType("Clip", "pretrained_name"),
  codeformer: recordType("Codeformer"),
  controlnet: recordType("ControlNet", "controlnet_style"),
  controlnet_annotator: recordType("ControlNetAnnotator", "control_types", "preprocessors"),
  esrgan: recordType("Esrgan"),
  gfpgan: recordType("Gfpgan"),
  safety_checker: recordType("SafetyChecker"),
  image_generation: recordType(
    "ImageGeneration",
    "inpainting",
    "baseline",
    "optimization",
    "tags",
    "showcases",
    "min_bridge_version",
    "trigger",
    "homepage",
    "nsfw",
    "style",
    "requirements",
  ),
  text_generation: recordType(
    "TextGeneration",
    "baseline",
    "parameters_count",
    "nsfw",
    "style",
    "display_name",
    "url",
    "tags",
    "instruct_format",
    "settings",
    "text_model_group",
    "name_schema_exception",
  ),
  video_generation: recordType("VideoGeneration", ...MEDIA_FIELDS),
  audio_generation: recordType("AudioGeneration", ...MEDIA_FIELDS),
  miscellaneous: recordType("Miscellaneous"),
  lora: recordType("Lora", ...PATCH_FIELDS),
  ti: recordType("TextualInversion", ...PATCH_FIELDS),
};

/** Fields of fields that may be asked for though no record has them. */
export const NESTED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  metadata: ["schema_version", "created_at", "updated_at", "created_by", "updated_by"],
  config: ["download", "embedded_component_hashes"],
};
