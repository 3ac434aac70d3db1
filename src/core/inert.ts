/**
 * Makes text from PRIMARY harmless in commit messages and pull requests: no mention, reference, link, closing keyword
 * or HTML of it may take effect. Pure.
 */

const ZERO_WIDTH_SPACE = "\u200b";

/**
 * Text on one line, without control, bidirectional or invisible formatting characters, and at most `limit` characters.
 *
 * @example toOneLine("a\nb\u202e", 80) // "a\\nb\\u202e"
 */
export function toOneLine(text: string, limit: number): string {
  // A character is one or two units, so this keeps at least one more than the limit of any longer text.
  const escaped = text
    .slice(0, 2 * limit + 2)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
  const characters = [...escaped];
  return characters.length <= limit ? escaped : `${characters.slice(0, limit - 1).join("")}…`;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeCharacter(character: string): string {
  const hex = (unit: number) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  return SHORT_ESCAPES.get(character) ?? Array.from({ length: character.length }, (_, unit) => hex(unit)).join("");
}

/**
 * A Markdown code span that shows `text` literally, whatever backticks it holds. GitHub links nothing inside one.
 *
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function toCodeSpan(text: string, limit = 120): string {
  const line = breakDirectives(toOneLine(text, limit));
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = line === "" || /^[` ]|[` ]$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/**
 * Text for a commit message, where GitHub links mentions, issue references, commit SHAs and URLs in plain text.
 *
 * Each of those is broken by a zero-width space: `@user`, `#1`, `org/repo#1`, `GH-1`, `https://…`, `www.…`, seven or
 * more hexadecimal digits, and e-mail addresses (through their `@`); directives are, too.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
export function toPlainText(text: string, limit = 120): string {
  return breakDirectives(toOneLine(text, limit))
    .replace(/[@#](?!\u200b)/g, (sign) => sign + ZERO_WIDTH_SPACE)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/www\./gi, (prefix) => `${prefix.slice(0, 3)}${ZERO_WIDTH_SPACE}.`)
    .replace(/[0-9a-f]{7,}/gi, (digits) => digits.replace(/.{6}/g, (part) => part + ZERO_WIDTH_SPACE))
    .replace(/[<>]/g, (sign) => (sign === "<" ? "‹" : "›"));
}

/**
 * Breaks what acts on the text of a commit or of a job's log, wherever it stands, also in a code span that becomes the
 * message of a squash: `[skip ci]` and its kin, `skip-checks: true`, `fixes #1`, and workflow commands such as
 * `::add-mask::` and `##[group]`.
 *
 * @see https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-workflow-runs/skipping-workflow-runs
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function breakDirectives(text: string): string {
  return breakCommands(text)
    .replace(/\[(?=(?:skip ci|ci skip|no ci|skip actions|actions skip)\])/gi, (sign) => sign + ZERO_WIDTH_SPACE)
    .replace(/skip-checks(?=\s*:)/gi, (word) => word + ZERO_WIDTH_SPACE)
    .replace(/:(?=:)/g, (sign) => sign + ZERO_WIDTH_SPACE)
    .replace(/#(?=\d)/g, (sign) => sign + ZERO_WIDTH_SPACE)
    .replace(/GH-(?=\d)/gi, (prefix) => prefix + ZERO_WIDTH_SPACE);
}

/**
 * Breaks workflow commands in the lines of a job's log, and nothing else: `::…` at a line's start, and `##[` anywhere.
 */
export function breakCommands(text: string): string {
  return text
    .replace(/^(\s*):(?=:)/gm, (start) => start + ZERO_WIDTH_SPACE)
    .replace(/#(?=#\[)/g, (sign) => sign + ZERO_WIDTH_SPACE);
}
