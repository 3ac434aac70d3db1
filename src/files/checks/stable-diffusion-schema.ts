/** The schema of stable_diffusion.json in its repository's validator (horde_model_reference 0.9). Pure. */
import { indexMembers } from "../json/members.ts";
import { createPrintedReader, type PrintedReader } from "../json/printed-members.ts";
import type { JsonNode, MemberNode, ObjectNode } from "../json/tree.ts";
import {
  isFlag,
  isInteger,
  isNull,
  isRequirement,
  isText,
  listOf,
  type MemberRules,
  mapOf,
  membersPrinted,
  membersProblems,
  type NodeRule,
  oneOf,
} from "./node-rules.ts";
import { hasOddEscape, PRINTED_TEXT } from "./printed.ts";

const FILE_ENTRY: MemberRules = {
  rules: new Map([
    ["path", isText],
    ["md5sum", isText],
    ["sha256sum", isText],
    ["file_type", isText],
  ]),
  required: ["path"],
};

const DOWNLOAD_ENTRY: MemberRules = {
  rules: new Map([
    ["file_name", isText],
    ["file_path", isText],
    ["file_url", isText],
    ["file_type", isText],
  ]),
  required: ["file_name", "file_path", "file_url"],
};

const isEntry: NodeRule = {
  problem(node) {
    if (node.kind !== "object") return "is no object";
    return membersProblems(node.members, entryRules(node))[0] ?? null;
  },
  printed: (margin, field) =>
    `(?:${[FILE_ENTRY, DOWNLOAD_ENTRY].map((rules) => membersPrinted(rules, margin, field)).join("|")})`,
};

/** The fields of a record, in the order in which the validator prints them. */
export const RECORD: MemberRules = {
  rules: new Map([
    ["name", isText],
    ["baseline", isText],
    ["optimization", isText],
    ["type", isText],
    ["inpainting", isFlag],
    ["description", isText],
    ["tags", listOf(isText)],
    ["showcases", listOf(isText)],
    ["min_bridge_version", isInteger],
    ["version", isText],
    ["style", isText],
    ["trigger", listOf(isText)],
    ["homepage", isText],
    ["nsfw", isFlag],
    ["download_all", isFlag],
    ["requirements", mapOf(isRequirement)],
    ["config", mapOf(listOf(isEntry))],
    ["available", isFlag],
    ["features_not_supported", listOf(oneOf("hires_fix", "loras", "inpainting", "controlnet"))],
    ["size_on_disk_bytes", isInteger],
  ]),
  required: ["name", "baseline", "type", "inpainting", "version", "nsfw", "download_all", "config"],
};

/** The records of a file that the validator takes as it is. */
export const readPrintedRecords: PrintedReader = (text) => {
  try {
    return hasOddEscape(text) ? null : readPrinted(text);
  } catch (error) {
    // A string of millions of escapes is more than an expression can match; it is refused anyway, with a sentence.
    if (error instanceof RangeError) return null;
    throw error;
  }
};

const readPrinted = createPrintedReader(PRINTED_TEXT, membersPrinted(RECORD, "    "));

/**
 * A record as the validator prints it: fields and entries in the schema's order, what the schema does not know behind
 * them, and nothing that is null.
 */
export function inSchemaForm(record: JsonNode): JsonNode {
  if (record.kind !== "object") return record;
  const members = sortMembers(withoutNulls(record), RECORD).map((member) =>
    member.name === "config" ? { ...member, value: sortConfig(member.value) } : member,
  );
  return { ...record, members };
}

function withoutNulls(node: ObjectNode): ObjectNode {
  const members = [...indexMembers(node.members).values()].filter(({ value }) => !isNull(value));
  return { ...node, members: members.map((member) => ({ ...member, value: cleared(member.value) })) };
}

/** Without nulls in objects, at every depth; a list keeps its items. */
function cleared(node: JsonNode): JsonNode {
  if (node.kind === "object") return withoutNulls(node);
  return node.kind === "array" ? { ...node, items: node.items.map(cleared) } : node;
}

function sortMembers({ members }: ObjectNode, { rules }: MemberRules): MemberNode[] {
  const byName = new Map(members.map((member) => [member.name, member]));
  const known = [...rules.keys()].flatMap((name) => byName.get(name) ?? []);
  return [...known, ...members.filter(({ name }) => !rules.has(name))];
}

function sortConfig(config: JsonNode): JsonNode {
  if (config.kind !== "object") return config;
  const sortEntry = (entry: JsonNode): JsonNode =>
    entry.kind === "object" ? { ...entry, members: sortMembers(entry, entryRules(entry)) } : entry;
  const members = config.members.map((member) =>
    member.value.kind === "array"
      ? { ...member, value: { ...member.value, items: member.value.items.map(sortEntry) } }
      : member,
  );
  return { ...config, members };
}

/** What has a path is a file; what has none, a download. */
function entryRules({ members }: ObjectNode): MemberRules {
  return members.some(({ name }) => name === "path") ? FILE_ENTRY : DOWNLOAD_ENTRY;
}
