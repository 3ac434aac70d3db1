import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakCommands, breakDirectives, toCodeSpan, toOneLine, toPlainText } from "../../src/core/inert.ts";
import { HOSTILE, hostileText } from "../fakes/hostile-text.ts";
import { findActivePlainText, readCodeSpan } from "./markdown-oracle.ts";

const ZWSP = "\u200b";

describe("one line", () => {
  it.each<[string, string, string]>([
    ["a plain text", "Dreamshaper XL", "Dreamshaper XL"],
    ["letters of any script", "模型 — Ünïcode é", "模型 — Ünïcode é"],
    ["line breaks and tabs", "a\r\n\tb", "a\\r\\n\\tb"],
    ["other line ends", "a\u0085b\u2028c\u2029d", "a\\u0085b\\u2028c\\u2029d"],
    ["control characters", "\u0000\u001b[31m\u007f", "\\u0000\\u001b[31m\\u007f"],
    ["the direction turned around", "a\u202eb", "a\\u202eb"],
    ["what cannot be seen", "a\u200bb\u00adc\ufeff", "a\\u200bb\\u00adc\\ufeff"],
    ["what cannot be seen, outside the first plane", "\u{e0041}", "\\udb40\\udc41"],
    ["half a character", "a\ud800b", "a\ufffdb"],
    ["a whole one", "\u{1f600}", "\u{1f600}"],
  ])("%s", (_what, text, expected) => {
    expect(toOneLine(text, 80)).toBe(expected);
  });

  it.each<[string, string, number, string]>([
    ["fits exactly", "abcde", 5, "abcde"],
    ["is one too long", "abcdef", 5, "abcd…"],
    ["is much too long", "x".repeat(10_000), 5, "xxxx…"],
    ["fits in characters that take two units", "\u{1f600}".repeat(5), 5, "\u{1f600}".repeat(5)],
    ["is one too long in such characters", "\u{1f600}".repeat(6), 5, `${"\u{1f600}".repeat(4)}…`],
    ["would be cut within one", `abcd\u{1f600}f`, 5, "abcd…"],
    ["grows by its escapes", "a\nbc", 4, "a\\n…"],
  ])("that %s", (_what, text, limit, expected) => {
    expect(toOneLine(text, limit)).toBe(expected);
  });

  it("holds for any text: no line end, nothing invisible, no half character, never too long, cut visibly", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const line = toOneLine(text, limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect([...line].length).toBeLessThanOrEqual(limit);
        if ([...text].length > limit) expect(line.endsWith("…")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a code span", () => {
  it.each<[string, string, string]>([
    ["a plain text", "nsfw", "`nsfw`"],
    ["a backtick within", "a`b", "``a`b``"],
    ["backticks at the edge", "`a`", "`` `a` ``"],
    ["only backticks", "``", "``` `` ```"],
    ["spaces at the edge", " a ", "`  a  `"],
    ["HTML", "<b>", "`<b>`"],
    ["a backslash at the end", "a\\", "`a\\`"],
  ])("shows %s", (_what, text, expected) => {
    expect(toCodeSpan(text)).toBe(expected);
  });

  it.each(HOSTILE)("is one whole span for %j", (text) => {
    expect(readCodeSpan(toCodeSpan(text))).not.toBe(null);
  });

  it("reads back as the one line, whatever the text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = breakDirectives(toOneLine(text, 120));
        const shown = readCodeSpan(toCodeSpan(text));
        if (line.trim() === "") expect(shown?.trim()).toBe("");
        else expect(shown).toBe(line);
      }),
      { numRuns: 500 },
    );
  });
});

describe("directives", () => {
  it.each<[string, string]>([
    ["[skip ci]", `[${ZWSP}skip ci]`],
    ["[CI Skip] [no ci]", `[${ZWSP}CI Skip] [${ZWSP}no ci]`],
    ["[skip actions][actions skip]", `[${ZWSP}skip actions][${ZWSP}actions skip]`],
    ["skip-checks: true", `skip-checks${ZWSP}: true`],
    ["::add-mask::x", `:${ZWSP}:add-mask:${ZWSP}:x`],
    ["##[group]x", `#${ZWSP}#[group]x`],
    ["fixes #1, closes GH-2", `fixes #${ZWSP}1, closes GH-${ZWSP}2`],
    ["[skip] a # 1 a:b", "[skip] a # 1 a:b"],
  ])("%j are broken in code spans and in plain text", (text, expected) => {
    expect(toCodeSpan(text)).toBe(`\`${expected}\``);
    for (const shown of [breakDirectives(text), toPlainText(text)]) {
      expect(shown).not.toMatch(
        /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|skip-checks:|::|##\[|#\d|GH-\d/i,
      );
    }
  });
});

it("a log's line loses its commands, and keeps all else to copy", () => {
  expect(breakCommands("::add-mask::x\n  ::stop::y\n- a::b #1 ##[group]")).toBe(
    `:${ZWSP}:add-mask::x\n  :${ZWSP}:stop::y\n- a::b #1 #${ZWSP}#[group]`,
  );
});

describe("plain text", () => {
  it.each<[string, string, string]>([
    ["a plain text", "Dreamshaper XL v1.0", "Dreamshaper XL v1.0"],
    ["a mention", "@db0", `@${ZWSP}db0`],
    ["an issue", "org/repo#1", `org/repo#${ZWSP}1`],
    ["another form of it", "GH-1 gh-2", `GH-${ZWSP}1 gh-${ZWSP}2`],
    ["the same behind digits that are parted", "aaaaaaaaaaaaGH-1", `aaaaaa${ZWSP}aaaaaa${ZWSP}GH-${ZWSP}1`],
    ["a link", "https://x.test", `https:${ZWSP}//x.test`],
    ["a link without protocol", "www.x.test", `www${ZWSP}.x.test`],
    ["a commit", "0123456789abcdef", `012345${ZWSP}6789ab${ZWSP}cdef`],
    ["six digits", "abc123", "abc123"],
    ["a tag", "<b>", "‹b›"],
  ])("breaks %s", (_what, text, expected) => {
    expect(toPlainText(text)).toBe(expected);
  });

  it.each(HOSTILE)("holds nothing active for %j", (text) => {
    expect(findActivePlainText(toPlainText(text))).toEqual([]);
  });

  it("holds nothing active for any text", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        expect(findActivePlainText(toPlainText(text, limit))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("still reads the same", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const seen = toPlainText(text).replaceAll(ZWSP, "").replaceAll("‹", "<").replaceAll("›", ">");
        expect(seen).toBe(toOneLine(text, 120).replaceAll("‹", "<").replaceAll("›", ">"));
      }),
    );
  });
});
