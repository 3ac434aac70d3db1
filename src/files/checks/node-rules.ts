/** Rules that a JSON value can break, for the checks of files with a schema. Pure. */
import { quoteRaw } from "../json/strings.ts";
import type { JsonNode, MemberNode } from "../json/tree.ts";

/** What a value is instead of what it should be: `is a number instead of text`; `null` when it is right. */
export type NodeRule = (node: JsonNode) => string | null;

/** Text that UTF-8 can hold. */
export const isText: NodeRule = (node) => {
  if (node.kind !== "string") return instead(node, "text");
  return node.content.isWellFormed() ? null : "holds half of a character";
};

export const isFlag: NodeRule = (node) =>
  node.kind === "word" && node.source !== "null" ? null : instead(node, "true or false");

export const isInteger: NodeRule = (node) => {
  if (node.kind !== "number") return instead(node, "an integer");
  return /^-?\d+$/.test(node.source) ? null : `is ${shorten(node.source)} instead of an integer`;
};

const isNumber: NodeRule = (node) => (node.kind === "number" ? null : instead(node, "a number"));
const isFraction: NodeRule = (node) =>
  node.kind === "number" && isInteger(node) !== null ? null : instead(node, "a number with a fraction");

export function oneOf(...values: readonly string[]): NodeRule {
  return (node) => {
    if (node.kind === "string" && values.includes(node.content)) return null;
    const found = node.kind === "string" ? quoteRaw(shorten(node.content)) : describeKind(node);
    return `is ${found} instead of ${values.join(", ")}`;
  };
}

export function listOf(rule: NodeRule): NodeRule {
  return (node) => {
    if (node.kind !== "array") return instead(node, "a list");
    for (const item of node.items) {
      const problem = rule(item);
      if (problem !== null) return `has an item that ${problem}`;
    }
    return null;
  };
}

export function mapOf(rule: NodeRule): NodeRule {
  return (node) => {
    if (node.kind !== "object") return instead(node, "an object");
    for (const { name, value } of node.members) {
      const problem = name.isWellFormed() ? rule(value) : "stands under half of a character";
      if (problem !== null) return `has ${quoteRaw(shorten(name))}, which ${problem}`;
    }
    return null;
  };
}

/** One of the rules is enough. The problem is told by `words`. */
export function anyOf(words: string, ...rules: readonly NodeRule[]): NodeRule {
  return (node) => (rules.some((rule) => rule(node) === null) ? null : instead(node, words));
}

/** A number, text, true or false, or a list of one kind of these. */
export const isRequirement = anyOf(
  "a number, text, true or false, or a list of integers, of fractions or of texts",
  ...[isNumber, isText, isFlag, listOf(isInteger), listOf(isFraction), listOf(isText)],
);

/** An object with members of these names and no other, in this order. */
export interface MemberRules {
  readonly rules: ReadonlyMap<string, NodeRule>;
  readonly required: readonly string[];
}

/** One phrase for each thing that is wrong with an object's members: `lacks "name", "type"`, `has "odd", which …`. */
export function membersProblems(members: readonly MemberNode[], { rules, required }: MemberRules): string[] {
  const names = new Set(members.map(({ name }) => name));
  const lacking = required.filter((name) => !names.has(name));
  const problems = lacking.length === 0 ? [] : [`lacks ${lacking.map(quoteRaw).join(", ")}`];
  for (const { name, value } of members) {
    const rule = rules.get(name);
    const shown = quoteRaw(shorten(name));
    const problem = rule === undefined ? "the schema does not know" : rule(value);
    if (isNull(value) && rule !== undefined && !required.includes(name)) problems.push(`has ${shown} as null`);
    else if (problem !== null) problems.push(`has ${shown}, which ${problem}`);
  }
  const known = [...rules.keys()].filter((name) => names.has(name));
  const found = members.filter(({ name }) => rules.has(name)).map(({ name }) => name);
  if (found.some((name, index) => name !== known[index]))
    problems.push("has its fields in another order than the schema");
  return problems;
}

export function isNull(node: JsonNode): boolean {
  return node.kind === "word" && node.source === "null";
}

function instead(node: JsonNode, expected: string): string {
  return `is ${describeKind(node)} instead of ${expected}`;
}

function describeKind(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return "an object";
    case "array":
      return "a list";
    case "string":
      return "text";
    case "number":
      return "a number";
    case "word":
      return node.source;
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
