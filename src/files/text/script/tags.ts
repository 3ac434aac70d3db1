import { compareCodePoints, strip } from "../../python/python-text.ts";
import { type Field, stringField } from "./python-json.ts";

/** The tags a cell names itself: `"roleplay, popular"` → `roleplay`, `popular`. A stray comma names an empty tag. */
export function ownTags(cell: string): string[] {
  return cell === "" ? [] : cell.split(",").map(strip);
}

/** All tags of a record: its own, its style and its size, each once, by code point. */
export function tagsField(own: readonly string[], derived: Iterable<string>): Field {
  const tags = sortTags([...new Set([...own, ...derived])]).map((tag) => stringField(tag).text);
  const margin = "            ";
  return { text: `[${tags.join(", ")}]`, pretty: `[\n${margin}${tags.join(`,\n${margin}`)}\n        ]` };
}

/** Natively, which sorts by UTF-16 unit, where that makes no difference. */
function sortTags(tags: string[]): string[] {
  return tags.some((tag) => SURROGATE.test(tag)) ? tags.sort(compareCodePoints) : tags.sort();
}

const SURROGATE = /[\ud800-\udfff]/;
