/**
 * What the image repository asks of stable_diffusion.json: the schema of its validator (horde_model_reference 0.9), and
 * the form that this validator prints. Pure.
 */
import { CANONICAL } from "../json/layout.ts";
import { indexMembers } from "../json/members.ts";
import { renderElement } from "../json/render.ts";
import { quoteRaw } from "../json/strings.ts";
import { type JsonNode, type MemberNode, type ObjectNode, parseNode } from "../json/tree.ts";
import { printPythonNumber } from "../text/script/python-number.ts";
import { refusedJson } from "./json-form.ts";
import {
  isFlag,
  isInteger,
  isNull,
  isRequirement,
  isText,
  listOf,
  type MemberRules,
  mapOf,
  membersProblems,
  type NodeRule,
  oneOf,
} from "./node-rules.ts";

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

const isEntry: NodeRule = (node) => {
  if (node.kind !== "object") return "is no object";
  return membersProblems(node.members, entryRules(node))[0] ?? null;
};

const RECORD: MemberRules = {
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

/**
 * One phrase for everything in the file that the check refuses: `line 3, the record "A" lacks "version"`.
 *
 * Line endings do not count: the validator reads the file with any.
 */
export function refusedStableDiffusion(text: string): string[] {
  const general = refusedJson(text);
  const plain = text.slice(text.startsWith("\ufeff") ? 1 : 0).replaceAll(/\r\n?/g, "\n");
  const file = parseNode(plain);
  if (file.kind !== "object") return general;
  const countLines = createLineCounter(plain);
  const records = file.members.flatMap((member) => {
    const problems = recordProblems(member, plain.slice(member.start, member.end));
    const line = problems.length === 0 ? 0 : countLines(member.start);
    return problems.map((problem) => `line ${line}, the record ${quoteRaw(member.name.slice(0, 80))} ${problem}`);
  });
  if (general.length + records.length > 0) return [...general, ...records];
  return isPrinted(plain, file) ? [] : ["its records are not laid out as json.dumps(…, indent=4) does"];
}

function recordProblems({ value, name }: MemberNode, source: string): string[] {
  if (value.kind !== "object") return ["is no object"];
  const problems = membersProblems(value.members, RECORD);
  const odd = findOddNumber(value);
  if (odd !== null) problems.push(`has the number ${odd}, which Python writes ${printPythonNumber(odd)}`);
  if (problems.length > 0) return problems;
  const printed = renderElement({ name, value, start: 0, end: 0 }, CANONICAL, CANONICAL.unit);
  return printed === source ? [] : ["is not laid out as json.dumps(…, indent=4) does"];
}

/** A number in another spelling than Python's. */
function findOddNumber(node: JsonNode): string | null {
  if (node.kind === "number") return printPythonNumber(node.source) === node.source ? null : node.source.slice(0, 60);
  const values =
    node.kind === "object" ? node.members.map(({ value }) => value) : node.kind === "array" ? node.items : [];
  for (const value of values) {
    const odd = findOddNumber(value);
    if (odd !== null) return odd;
  }
  return null;
}

/** Whether what stands between the records is right too. */
function isPrinted(text: string, { members }: ObjectNode): boolean {
  let at = 0;
  const takes = (piece: string) => text.startsWith(piece, at);
  for (const [index, { start, end }] of members.entries()) {
    const lead = `${index === 0 ? "{" : ","}\n${CANONICAL.unit}`;
    if (!takes(lead) || start !== at + lead.length) return false;
    at = end;
  }
  const rest = members.length === 0 ? "{}\n" : "\n}\n";
  return takes(rest) && at + rest.length === text.length;
}

/** Lines from 1, for offsets that only grow. */
function createLineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (let next = text.indexOf("\n", at); next >= 0 && next < offset; next = text.indexOf("\n", at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
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
