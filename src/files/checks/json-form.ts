/**
 * What the image repository's hooks refuse of a JSON file, besides text that is none: the form of `refusedForm`, a byte
 * order mark, a name that stands twice in one object. Pure.
 *
 * @see https://github.com/pre-commit/pre-commit-hooks (check-json)
 */
import { quoteRaw } from "../json/strings.ts";
import { type JsonNode, parseNode } from "../json/tree.ts";
import { refusedForm } from "./text-form.ts";

const BYTE_ORDER_MARK = "\ufeff";

/** One phrase for each; the text must be well-formed JSON. */
export function refusedJson(text: string): string[] {
  const hasMark = text.startsWith(BYTE_ORDER_MARK);
  const json = hasMark ? text.slice(1) : text;
  if (json.trim() === "") return [];
  return [
    ...(hasMark ? ["it begins with a byte order mark"] : []),
    ...[...duplicates(parseNode(json), "")],
    ...refusedForm(json),
  ];
}

function* duplicates(node: JsonNode, place: string): Generator<string> {
  if (node.kind === "array") for (const item of node.items) yield* duplicates(item, place);
  if (node.kind !== "object") return;
  const seen = new Set<string>();
  for (const { name, value } of node.members) {
    if (seen.has(name))
      yield `${place === "" ? "it" : place} holds ${quoteRaw(name)} more than once, and the last one counts`;
    seen.add(name);
    yield* duplicates(value, place === "" ? `the record ${quoteRaw(name)}` : place);
  }
}
