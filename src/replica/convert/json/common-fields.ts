import { quoteShort } from "../describe-value.ts";
import { type RecordConfig, readConfig } from "./record-config.ts";
import type { RecordFields } from "./record-fields.ts";

/** The fields that records of every JSON category share. */
export interface CommonFields {
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly style: string | null;
  readonly nsfw: boolean | null;
  readonly config: RecordConfig;
}

/**
 * Reads the shared fields. Those that v2 has no place for are checked all the same, as the reference converter does.
 *
 * @param key the record's name in the file
 */
export function readCommonFields(fields: RecordFields, key: string): CommonFields {
  const name = fields.required("name");
  if (fields.values.has("name") && name !== key) fields.note(`its name field says ${quoteShort(name)}`);
  fields.boolean("download_all");
  fields.boolean("available");
  fields.strings("features_not_supported");
  return {
    name,
    description: fields.string("description"),
    version: fields.string("version"),
    style: fields.string("style"),
    nsfw: fields.boolean("nsfw"),
    config: readConfig(fields),
  };
}
