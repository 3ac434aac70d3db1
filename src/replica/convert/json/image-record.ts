import { strip } from "../../../files/python/python-text.ts";
import {
  FLAT_VALUE,
  printFlatValue,
  printObject,
  printOptional,
  printRecord,
  printText,
  printTexts,
} from "../compact-json.ts";
import { listChoices } from "../describe-value.ts";
import { readCommonFields } from "./common-fields.ts";
import { BASELINE_ALIASES, BASELINES, IMAGE_STYLES, RENAMED_BASELINES } from "./known-values.ts";
import { isNull } from "./lax-values.ts";
import { printConfig } from "./record-config.ts";
import type { RecordFields } from "./record-fields.ts";

/**
 * A v2 record of image_generation, as JSON on one line: only what is set and differs from its default.
 *
 * @param key the record's name in the file
 */
export function convertImageRecord(fields: RecordFields, key: string): string {
  const common = readCommonFields(fields, key);
  fields.choice("type", ["ckpt"]);
  return printRecord({
    name: printText(common.name),
    description: printOptional(common.description),
    version: printOptional(common.version),
    config: printConfig(common.config, true),
    size_on_disk_bytes: fields.integer("size_on_disk_bytes"),
    inpainting: readInpainting(fields) ? "true" : null,
    baseline: printText(readBaseline(fields)),
    optimization: printOptional(fields.string("optimization")),
    tags: printTexts((fields.strings("tags") ?? []).map(strip)),
    showcases: printTexts(readShowcases(fields)),
    min_bridge_version: fields.integer("min_bridge_version"),
    trigger: printTexts(fields.strings("trigger") ?? []),
    homepage: printOptional(fields.string("homepage")),
    nsfw: String(common.nsfw ?? false),
    style: readStyle(fields, common.style),
    requirements: readRequirements(fields),
  });
}

function readInpainting(fields: RecordFields): boolean {
  const node = fields.values.get("inpainting");
  if (node !== undefined && isNull(node)) fields.rejectValue("inpainting", "true or false");
  return fields.boolean("inpainting") ?? false;
}

function readBaseline(fields: RecordFields): string {
  const legacy = fields.values.get("baseline");
  const name = legacy?.kind === "string" ? legacy.content : "";
  const baseline = RENAMED_BASELINES.get(name) ?? name;
  if (BASELINES.includes(baseline) || BASELINE_ALIASES.includes(baseline)) return baseline;
  fields.rejectValue("baseline", listChoices([...RENAMED_BASELINES.keys(), ...BASELINES]));
  return baseline;
}

function readShowcases(fields: RecordFields): readonly string[] {
  const showcases = fields.strings("showcases") ?? [];
  showcases.forEach((url, index) => {
    if (url.includes("huggingface")) fields.reject(`showcases[${index}] is on huggingface and must be elsewhere`);
  });
  return showcases;
}

function readStyle(fields: RecordFields, legacy: string | null): string | null {
  if (legacy === null) return null;
  const style = strip(legacy);
  if (!IMAGE_STYLES.includes(style)) fields.rejectValue("style", listChoices(IMAGE_STYLES));
  return printText(style);
}

function readRequirements(fields: RecordFields): string | null {
  const requirements = fields.object("requirements");
  if (requirements === null) return null;
  return printObject(
    Array.from(requirements.values, ([name, value]) => {
      const printed = printFlatValue(value);
      if (printed === null) requirements.rejectValue(name, FLAT_VALUE);
      return [name, printed];
    }),
  );
}
