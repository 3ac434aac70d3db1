/**
 * A v2 record with all its fields: what the stored form leaves out because it is a default, searches answer. Pure.
 */
import type { CategoryName } from "../../categories.ts";
import { indexMembers } from "../../files/json/members.ts";
import { type JsonNode, type ObjectNode, parseNode } from "../../files/json/tree.ts";
import { printObject, printRecord, printText } from "../convert/compact-json.ts";
import { METADATA, printClassification } from "../convert/json/generic-record.ts";
import { NO_CHECKSUM } from "../convert/json/record-config.ts";
import { RECORD_TYPES } from "./fields.ts";

export interface FullRecord {
  readonly name: string;
  /** In the order of the answer. */
  readonly fields: ReadonlyMap<string, JsonNode>;
  /** The record as JSON on one line. */
  readonly text: string;
}

/** @param text a record of v2, as its category's body has it */
export function completeRecord(category: CategoryName, text: string): FullRecord {
  const node = parseNode(text);
  const stored = node.kind === "object" ? textsOf(node, text) : new Map<string, string>();
  const defaults = DEFAULTS_OF[category] ?? {};
  const fields = new Map<string, string>();
  for (const field of RECORD_TYPES[category].fields) {
    const value = stored.get(STORED_NAMES[field] ?? field) ?? defaults[field];
    if (value !== undefined) fields.set(field, field === "config" ? completeConfig(value) : value);
  }
  const nodes = new Map(Array.from(fields, ([field, value]) => [field, parseNode(value)]));
  const name = nodes.get("name");
  return { name: name?.kind === "string" ? name.content : "", fields: nodes, text: printObject(fields) };
}

/** Fields whose stored name is another one. */
const STORED_NAMES: Readonly<Record<string, string>> = { parameters_count: "parameters" };

const DEFAULTS_OF: Partial<Record<CategoryName, Readonly<Record<string, string>>>> = {
  image_generation: {
    record_type: printText("image_generation"),
    metadata: METADATA,
    config: printRecord({ download: "[]" }),
    model_classification: printClassification("image", "generation"),
    inpainting: "false",
  },
};

function textsOf({ members }: ObjectNode, text: string): Map<string, string> {
  return new Map(
    Array.from(indexMembers(members).values(), ({ name, value }) => [name, text.slice(value.start, value.end)]),
  );
}

/** Downloads without a checksum say so. */
function completeConfig(text: string): string {
  const node = parseNode(text);
  if (node.kind !== "object") return text;
  const download = node.members.find(({ name }) => name === "download")?.value;
  const config = textsOf(node, text);
  const entries = download?.kind === "array" ? download.items : [];
  const completed = entries.map((entry) => (entry.kind === "object" ? completeDownload(entry, text) : "{}"));
  return printObject(new Map([["download", `[${completed.join(",")}]`], ...[...config].filter(isOther)]));
}

function isOther([name]: readonly [string, string]): boolean {
  return name !== "download";
}

function completeDownload(entry: ObjectNode, text: string): string {
  const { file_name, file_url, sha256sum = printText(NO_CHECKSUM), ...rest } = Object.fromEntries(textsOf(entry, text));
  return printRecord({ file_name: file_name ?? null, file_url: file_url ?? null, sha256sum, ...rest });
}
