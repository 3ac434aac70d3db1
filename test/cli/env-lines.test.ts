import { parseEnv } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findBadLines } from "../../src/cli/env-lines.ts";

describe("a file of settings", () => {
  it.each([
    "",
    "# a comment\n\n  # another\n",
    "A=1\nexport B = 2\r\nC=\nD='x' # why\n",
    'KEY="-----BEGIN\nabc=\n-----END"\nNO_PR=true\n',
    'A=`x\ny`\nB="#"\n',
  ])("is taken: %j", (text) => {
    expect(findBadLines(text)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ["safety settings below\nNO_PR=true", ["Line 1 is neither NAME=value nor a comment."]],
    ["A=1\nNO_PR: true", ["Line 2 is neither NAME=value nor a comment."]],
    ["- NO_PR=true", ["Line 1 is neither NAME=value nor a comment."]],
    ["set NO_PR=true", ["Line 1 is neither NAME=value nor a comment."]],
    ['$env:NO_PR="true"', ["Line 1 is neither NAME=value nor a comment."]],
    ['A="x\nNO_PR=true', ["The quote that opens on line 1 is not closed."]],
  ])("is refused: %j", (text, problems) => {
    expect(findBadLines(text)).toEqual(problems);
  });

  it("never shows what stands in a bad line", () => {
    const key = Array.from({ length: 26 }, (_, line) => `MIIEpAIBAAKCAQEA${line}/+secret`).join("\n");
    const problems = findBadLines(`GITHUB_APP_PRIVATE_KEY=-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END-----\n`);
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain("secret");
  });

  it("that is taken loses no name to Node's reader", () => {
    const name = fc.constantFrom("A", "NO_PR", "B_1");
    const line = fc.oneof(
      fc.tuple(name, fc.string({ maxLength: 12 })).map(([key, value]) => `${key}=${value}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = lines.join("\n");
        if (findBadLines(text).length > 0) return;
        for (const found of Object.keys(parseEnv(text))) expect(found).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      }),
    );
  });
});
