/**
 * The group of a text model: its name without author, and without what tells the variants of one model apart.
 *
 * `mistralai/Mixtral-8x7B-Instruct-v0.1` → `Mixtral`; `Llama-3-8B-Instruct-Q4_K_M` → `Llama-3`. Of each kind of part
 * only the first is taken out, in the order of `partsOf`, and of the spellings of a kind the first that fits. The
 * rules are those of the reference server's `get_base_model_name`, so that a client's groups are the same.
 */
export function textModelGroup(name: string): string {
  const own = name.replace(BACKEND, "").replace(AUTHOR, "");
  const parts = ASCII.test(own) ? ASCII_PARTS : PARTS;
  const bare = parts.reduce(removePart, own).replace(DOUBLED_SEPARATOR, "$1").replace(EDGE_SEPARATORS, "");
  return bare === "" ? own : bare;
}

const BACKEND = /^(?:aphrodite|koboldcpp)\//;
const AUTHOR = /^[^/]*\//;
const ASCII = /^[ -~]*$/;
const DOUBLED_SEPARATOR = /([-_ .])\1+/g;
const EDGE_SEPARATORS = /^[-_ .]+|[-_ .]+$/g;

/** Expressions with classes like `\p{L}` are slow to compile, so that only names that need them use them. */
const PARTS = partsOf((pattern) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])`, "iu"));
const ASCII_PARTS = partsOf((pattern) => new RegExp(`\\b(?:${pattern})\\b`, "i"));

/**
 * The kinds of parts in the order they are taken out, each with its spellings.
 *
 * @param words makes an expression for words that do not stand inside longer ones; `_` makes words longer too
 */
function partsOf(words: (pattern: string) => RegExp): readonly (readonly RegExp[])[] {
  const leadingVersions = [/^\d+\.\d+(?:\.\d+)?[_-]/];
  const sizes = [/(?<![a-z])\d+(?:\.\d*)?[bmk]\d*(?![a-z])/i, /(?<![a-z])\d+x\d+[bmk](?![a-z])/i];
  const versions = [/(?<![a-z0-9])v\d+(?:\.\d+)+(?![a-z0-9])/i, /(?<![a-z0-9])v\d+(?![a-z0-9.])/i];
  const quantisations = [
    words("Q[2-8]_K(?:_[SMLH])?"),
    words("Q[2-8]_[01]"),
    words("Q[2-8]"),
    words("GGUF|GGML|GPTQ|AWQ|EXL2"),
    words("fp16|fp32|int8|int4"),
  ];
  const variants = [
    words("Instruct|Chat|Code|Base|Uncensored|Finetune|FT"),
    words("Thinking|Reasoning"),
    words("turbo|preview|latest"),
  ];
  const dates = [
    /(?<![a-z0-9])\d{2}-\d{4}(?![a-z0-9])/i,
    /(?<![a-z0-9])\d{4}-\d{2}(?![a-z0-9])/i,
    /(?<![a-z0-9])\d{4}(?![a-z0-9])/i,
  ];
  return [leadingVersions, sizes, versions, quantisations, variants, dates];
}

function removePart(name: string, spellings: readonly RegExp[]): string {
  const spelling = spellings.find((candidate) => candidate.test(name));
  return spelling === undefined ? name : name.replace(spelling, "");
}
