/**
 * What the image repository's check refuses of stable_diffusion.json: what its validator's schema does not take, and every
 * layout that this validator does not print. Pure.
 */
import { CANONICAL } from "../json/layout.ts";
import { renderElement } from "../json/render.ts";
import { quoteRaw } from "../json/strings.ts";
import { type JsonNode, type MemberNode, type ObjectNode, parseNode } from "../json/tree.ts";
import { printPythonNumber } from "../python/python-number.ts";
import { refusedJson } from "./json-form.ts";
import { membersProblems } from "./node-rules.ts";
import { RECORD, readPrintedRecords } from "./stable-diffusion-schema.ts";

/**
 * One phrase for each record that the check refuses, `line 3, the record "A" lacks "version"`, and for what else is wrong.
 *
 * Line endings do not count: the validator reads the file with any.
 */
export function refusedStableDiffusion(text: string): string[] {
  return readPrintedRecords(text.replaceAll("\r\n", "\n")) === null ? findRefused(text) : [];
}

/** The same with every character looked at, for what is no expression's business. */
export function findRefused(text: string): string[] {
  const plain = text.replaceAll(/\r\n?/g, "\n").slice(text.startsWith("\ufeff") ? 1 : 0);
  const general = refusedJson(text);
  const file = parseNode(plain);
  if (file.kind !== "object") return general;
  const countLines = createLineCounter(plain);
  const records = file.members.flatMap((member) => {
    const problems = recordProblems(member, plain.slice(member.start, member.end));
    if (problems.length === 0) return [];
    const name = quoteRaw(member.name.slice(0, 80));
    return [`line ${countLines(member.start)}, the record ${name} ${problems.join("; ")}`];
  });
  if (general.length + records.length > 0) return [...general, ...records];
  return isPrinted(plain, file) ? [] : ["its records are not laid out as json.dumps(…, indent=4) does"];
}

function schemaProblems(record: JsonNode): string[] {
  return record.kind === "object" ? membersProblems(record.members, RECORD) : ["is no object"];
}

function recordProblems({ value, name }: MemberNode, source: string): string[] {
  const problems = schemaProblems(value);
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
