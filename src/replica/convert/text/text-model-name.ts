/** A text model's name, taken apart by the real server's rules (its `parse_text_model_name`). */
export interface TextModelName {
  /** What is left without the other parts; the whole name, where nothing is. */
  readonly base: string;
  /** In capitals: `8X7B`. */
  readonly size: string | null;
  readonly variant: string | null;
  readonly version: string | null;
  /** In capitals: `Q4_K_M`. */
  readonly quantisation: string | null;
  /** Under the real server's names of their kinds, in the order they are found. */
  readonly extras: readonly { readonly kind: "LEADING_VERSION" | "DATE"; readonly value: string }[];
}

/**
 * Takes a name without author apart: of each kind of part only the first goes, in the order of `partsOf`, and of the
 * spellings of a kind the first that fits. `Llama-3-8B-Instruct-Q4_K_M` → base `Llama-3`, size `8B`, variant
 * `Instruct`, quantisation `Q4_K_M`.
 */
export function parseTextModelName(name: string): TextModelName {
  const parts = ASCII.test(name) ? ASCII_PARTS : PARTS;
  let rest = name;
  const take = (spellings: readonly RegExp[]): string | null => {
    for (const spelling of spellings) {
      const match = spelling.exec(rest);
      if (match === null) continue;
      rest = rest.slice(0, match.index) + rest.slice(match.index + match[0].length);
      return match[0];
    }
    return null;
  };
  const leadingVersion = take(parts.leadingVersion);
  const size = take(parts.size);
  const version = take(parts.version);
  const quantisation = take(parts.quantisation);
  const variant = take(parts.variant);
  const date = take(parts.date);
  const base = rest.replace(DOUBLED_SEPARATOR, "$1").replace(EDGE_SEPARATORS, "");
  return {
    base: base === "" ? name : base,
    size: size?.toUpperCase() ?? null,
    variant,
    version,
    quantisation: quantisation?.toUpperCase() ?? null,
    extras: [
      ...(leadingVersion === null ? [] : [{ kind: "LEADING_VERSION" as const, value: leadingVersion.slice(0, -1) }]),
      ...(date === null ? [] : [{ kind: "DATE" as const, value: date }]),
    ],
  };
}

/** Spellings of quantisations, as patterns of whole words. */
const QUANTISATIONS = [
  "Q[2-8]_K(?:_[SMLH])?",
  "Q[2-8]_[01]",
  "Q[2-8]",
  "GGUF|GGML|GPTQ|AWQ|EXL2",
  "fp16|fp32|int8|int4",
];

const ASCII = /^[ -~]*$/;
const DOUBLED_SEPARATOR = /([-_ .])\1+/g;
const EDGE_SEPARATORS = /^[-_ .]+|[-_ .]+$/g;

type Parts = ReturnType<typeof partsOf>;

/** Expressions with classes like `\p{L}` are slow to compile, so that only names that need them use them. */
const PARTS: Parts = partsOf({
  digit: "\\p{Nd}",
  flags: "iu",
  word: (pattern) => `(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])`,
});
const ASCII_PARTS: Parts = partsOf({ digit: "\\d", flags: "i", word: (pattern) => `\\b(?:${pattern})\\b` });

interface Alphabet {
  readonly digit: string;
  readonly flags: string;
  /** An expression for words that do not stand inside longer ones; `_` makes words longer too. */
  readonly word: (pattern: string) => string;
}

/** The kinds of parts, each with its spellings. */
function partsOf({ digit: d, flags, word }: Alphabet) {
  const expressions = (...patterns: string[]) => patterns.map((pattern) => new RegExp(pattern, flags));
  return {
    leadingVersion: expressions(`^${d}+\\.${d}+(?:\\.${d}+)?[_-]`),
    size: expressions(`(?<![a-z])${d}+(?:\\.${d}*)?[bmk]${d}*(?![a-z])`, `(?<![a-z])${d}+x${d}+[bmk](?![a-z])`),
    version: expressions(`(?<![a-z0-9])v${d}+(?:\\.${d}+)+(?![a-z0-9])`, `(?<![a-z0-9])v${d}+(?![a-z0-9.])`),
    quantisation: expressions(...QUANTISATIONS.map(word)),
    variant: expressions(
      ...["Instruct|Chat|Code|Base|Uncensored|Finetune|FT", "Thinking|Reasoning", "turbo|preview|latest"].map(word),
    ),
    // Only these look at letters as they are, so that `ſ`, which is an `s` to the others, is none.
    date: [`${d}{2}-${d}{4}`, `${d}{4}-${d}{2}`, `${d}{4}`].map(
      (pattern) => new RegExp(`(?<![a-zA-Z0-9])${pattern}(?![a-zA-Z0-9])`, flags.replace("i", "")),
    ),
  };
}

/** The name without any word that is a quantisation. */
export function withoutQuantisations(name: string): string {
  const { quantisation } = ASCII.test(name) ? ASCII_PARTS : PARTS;
  return quantisation.reduce((rest, { source, flags }) => rest.replace(new RegExp(source, `${flags}g`), ""), name);
}
