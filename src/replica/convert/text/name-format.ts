/** How the names of a group's models are put together, as the real server infers it (`infer_name_format`). */
import { parseTextModelName, type TextModelName, withoutQuantisations } from "./text-model-name.ts";

export interface NameFormat {
  readonly separator: "-" | "_";
  /** `base`, `size`, `variant`, `version`, `quant`, `extra:DATE` …, by their place in the richest name. */
  readonly partOrder: readonly string[];
  readonly hasAuthor: boolean;
  /** What stands before the first slash, where all that have one have the same. */
  readonly commonAuthor: string | null;
  /** `{author}/{base}-{size}` */
  readonly template: string;
}

/** @param names of the group's members, not empty; a backend counts as an author */
export function inferNameFormat(names: readonly string[]): NameFormat {
  const split = names.map(splitAuthor);
  const authors = new Set(split.flatMap(({ author }) => author ?? []));
  const separator = findSeparator(split.map(({ rest }) => rest));
  const partOrder = orderParts(findRichest(split.map(({ rest }) => rest)));
  const [commonAuthor = null] = authors;
  return {
    separator,
    partOrder,
    hasAuthor: authors.size > 0,
    commonAuthor: authors.size === 1 ? commonAuthor : null,
    template: (authors.size > 0 ? "{author}/" : "") + partOrder.map((part) => `{${part}}`).join(separator),
  };
}

function splitAuthor(name: string): { author: string | null; rest: string } {
  const slash = name.indexOf("/");
  return slash < 0 ? { author: null, rest: name } : { author: name.slice(0, slash), rest: name.slice(slash + 1) };
}

function findSeparator(names: readonly string[]): "-" | "_" {
  const bare = names.map(withoutQuantisations).join("");
  const count = (separator: string) => bare.split(separator).length - 1;
  return count("_") > count("-") ? "_" : "-";
}

interface Named {
  readonly name: string;
  readonly parsed: TextModelName;
}

/** The first of the names with the most parts. */
function findRichest(names: readonly string[]): Named | null {
  let richest: Named | null = null;
  for (const name of names) {
    const parsed = parseTextModelName(name);
    if (richest === null || countParts(parsed) > countParts(richest.parsed)) richest = { name, parsed };
  }
  return richest;
}

function countParts({ size, variant, version, quantisation, extras }: TextModelName): number {
  return [size, variant, version, quantisation].filter((part) => part !== null).length + extras.length;
}

/** Parts that do not stand in the name as they are, such as a base in two pieces, have no place. */
function orderParts(named: Named | null): string[] {
  if (named === null) return [];
  const { name, parsed } = named;
  const parts: readonly (readonly [label: string, value: string | null])[] = [
    ["base", parsed.base],
    ["size", parsed.size],
    ["variant", parsed.variant],
    ["version", parsed.version],
    ["quant", parsed.quantisation],
    ...parsed.extras.map(({ kind, value }) => [`extra:${kind}`, value] as const),
  ];
  const small = name.toLowerCase();
  const placed = parts.flatMap(([label, value]) => {
    const at = value === null || value === "" ? -1 : small.indexOf(value.toLowerCase());
    return at < 0 ? [] : [{ label, at }];
  });
  return placed.sort((one, other) => one.at - other.at).map(({ label }) => label);
}
