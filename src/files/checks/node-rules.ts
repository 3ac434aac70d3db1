/** Rules that a JSON value can break, for the checks of files with a schema. Pure. */
import { quoteRaw } from "../json/strings.ts";
import type { JsonNode, MemberNode } from "../json/tree.ts";
import { MOST_PRINTED, PRINTED_FRACTION, PRINTED_INTEGER, PRINTED_TEXT } from "./printed.ts";

/** What a value has to be. */
export interface NodeRule {
  /** What it is instead: `is a number instead of text`; `null` when it is right. */
  problem(node: JsonNode): string | null;
  /**
   * A regular expression's source for right values as Python's `json.dumps(…, indent=4)` prints them, where the line
   * begins with `margin`. It may miss some, as it says right of none that is wrong.
   * @param field the record's field that the value stands in; at most one object of any names stands in each
   */
  printed(margin: string, field: string): string;
}

/** Text that UTF-8 can hold. */
export const isText: NodeRule = {
  problem(node) {
    if (node.kind !== "string") return instead(node, "text");
    return node.content.isWellFormed() ? null : "holds half of a character";
  },
  printed: () => PRINTED_TEXT,
};

export const isFlag: NodeRule = {
  problem: (node) => (node.kind === "word" && node.source !== "null" ? null : instead(node, "true or false")),
  printed: () => "(?:true|false)",
};

export const isInteger: NodeRule = {
  problem(node) {
    if (node.kind !== "number") return instead(node, "an integer");
    return /^-?\d+$/.test(node.source) ? null : `is ${shorten(node.source)} instead of an integer`;
  },
  printed: () => PRINTED_INTEGER,
};

const isNumber: NodeRule = {
  problem: (node) => (node.kind === "number" ? null : instead(node, "a number")),
  printed: () => `(?:${PRINTED_FRACTION}|${PRINTED_INTEGER})`,
};
const isFraction: NodeRule = {
  problem: (node) =>
    node.kind === "number" && isInteger.problem(node) !== null ? null : instead(node, "a number with a fraction"),
  printed: () => PRINTED_FRACTION,
};

/** @param values of letters, digits and underscores */
export function oneOf(...values: readonly string[]): NodeRule {
  return {
    problem(node) {
      if (node.kind === "string" && values.includes(node.content)) return null;
      const found = node.kind === "string" ? quoteRaw(shorten(node.content)) : describeKind(node);
      return `is ${found} instead of ${values.join(", ")}`;
    },
    printed: () => `"(?:${values.join("|")})"`,
  };
}

export function listOf(rule: NodeRule): NodeRule {
  return {
    problem(node) {
      if (node.kind !== "array") return instead(node, "a list");
      for (const item of node.items) {
        const problem = rule.problem(item);
        if (problem !== null) return `has an item that ${problem}`;
      }
      return null;
    },
    printed(margin, field) {
      const item = `\\n${margin}    ${rule.printed(`${margin}    `, field)}`;
      return `\\[(?:\\]|${item}(?:,${item})*\\n${margin}\\])`;
    },
  };
}

/** An object of any names. The expression sees that none stands twice. */
export function mapOf(rule: NodeRule): NodeRule {
  return {
    problem(node) {
      if (node.kind !== "object") return instead(node, "an object");
      for (const { name, value } of node.members) {
        const problem = name.isWellFormed() ? rule.problem(value) : "stands under half of a character";
        if (problem !== null) return `has ${quoteRaw(shorten(name))}, which ${problem}`;
      }
      return null;
    },
    printed(margin, field) {
      const line = `\\n${margin}    `;
      const isLast = `(?!.*(?:${line}.*)*?${line}\\k<${field}>: )`;
      const member = `${line}(?<${field}>${PRINTED_TEXT}): ${isLast}${rule.printed(`${margin}    `, field)}`;
      const end = `\\n${margin}\\}`;
      return `\\{(?:\\}|(?:${member}(?:,(?!${end})|(?=${end}))){1,${MOST_PRINTED}}${end})`;
    },
  };
}

/** One of the rules is enough. The problem is told by `words`. */
export function anyOf(words: string, ...rules: readonly NodeRule[]): NodeRule {
  return {
    problem: (node) => (rules.some((rule) => rule.problem(node) === null) ? null : instead(node, words)),
    printed: (margin, field) => `(?:${rules.map((rule) => rule.printed(margin, field)).join("|")})`,
  };
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
    const problem = rule === undefined ? "the schema does not know" : rule.problem(value);
    if (isNull(value) && rule !== undefined && !required.includes(name)) problems.push(`has ${shown} as null`);
    else if (problem !== null) problems.push(`has ${shown}, which ${problem}`);
  }
  const known = [...rules.keys()].filter((name) => names.has(name));
  const found = members.filter(({ name }) => rules.has(name)).map(({ name }) => name);
  if (found.some((name, index) => name !== known[index]))
    problems.push("has its fields in another order than the schema");
  return problems;
}

/**
 * The expression for members that break none of the rules, as they are printed; what is null breaks one.
 *
 * The first rule is of a member that is required, as no comma stands before it.
 */
export function membersPrinted({ rules, required }: MemberRules, margin: string, name?: string): string {
  const line = `\\n${margin}    `;
  const members = [...rules].map(([field, rule], index) => {
    const member = `${index === 0 ? "" : ","}${line}"${field}": ${rule.printed(`${margin}    `, name ?? field)}`;
    return required.includes(field) ? member : `(?:${member})?`;
  });
  return `\\{${members.join("")}\\n${margin}\\}`;
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
