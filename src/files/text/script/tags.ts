import { quoteAscii } from "../../json/strings.ts";
import type { Field } from "./python-json.ts";
import { compareCodePoints, strip } from "./python-text.ts";

/** The tags a cell names itself: `"roleplay, popular"` → `roleplay`, `popular`. A stray comma names an empty tag. */
export function ownTags(cell: string): string[] {
  return cell === "" ? [] : cell.split(",").map(strip);
}

/** All tags of a record: its own, its style and its size, each once, by code point. */
export function tagsField(own: readonly string[], derived: Iterable<string>): Field {
  const tags = [...new Set([...own, ...derived])].sort(compareCodePoints).map(quoteAscii);
  const margin = "            ";
  return { text: `[${tags.join(", ")}]`, pretty: `[\n${margin}${tags.join(`,\n${margin}`)}\n        ]` };
}
