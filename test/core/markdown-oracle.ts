/**
 * What GitHub would make of a text, written from its documents and not from our code.
 */

/**
 * A line with every code span replaced by `□`: the first run of backticks opens a span, the next run of just that
 * length closes it, and a run without such a partner is plain text.
 *
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function withoutCodeSpans(line: string): string {
  let rest = line;
  let outside = "";
  while (rest !== "") {
    const [run = ""] = /`+/.exec(rest) ?? [];
    if (run === "") return outside + rest;
    const start = rest.indexOf(run);
    const after = rest.slice(start + run.length);
    const closing = [...after.matchAll(/`+/g)].find(([other]) => other.length === run.length);
    outside += rest.slice(0, start) + (closing === undefined ? run : "□");
    rest = closing === undefined ? after : after.slice(closing.index + run.length);
  }
  return outside;
}

/** The text that a code span shows, or `null` when `markdown` is not exactly one span. */
export function readCodeSpan(markdown: string): string | null {
  if (/[\r\n]/.test(markdown) || withoutCodeSpans(markdown) !== "□") return null;
  const [fence = ""] = /^`+/.exec(markdown) ?? [];
  const inner = markdown.slice(fence.length, -fence.length);
  const isPadded = inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
  return isPadded ? inner.slice(1, -1) : inner;
}

const ACTIVE: Readonly<Record<string, RegExp>> = {
  mention: /@[A-Za-z0-9_]/,
  issue: /#\d/,
  "GH issue": /\bGH-\d/i,
  link: /[a-z]:\/\/|www\.[^\s]/i,
  email: /[\w.+-]@[\w-]+\.\w/,
  commit: /[0-9a-f]{7,40}/i,
  HTML: /<[a-z/!?]/i,
  "line end": /[\r\n\u0085\u2028\u2029]/,
  "closing keyword": /\b(close[sd]?|fix(e[sd])?|resolve[sd]?):? +([\w.-]+\/[\w.-]+)?#\d/i,
};

/**
 * Kinds of things that GitHub would act upon in a text that is shown without Markdown.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
export function findActivePlainText(text: string): string[] {
  return Object.entries(ACTIVE).flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []));
}
