import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { GOLDEN_CASES, renderGolden } from "./golden-cases.ts";

const FOLDER = fileURLToPath(new URL("golden", import.meta.url));
const read = (file: string) => readFileSync(`${FOLDER}/${file}`, "utf8");

describe.each(GOLDEN_CASES)("$name", (golden) => {
  it.each(["txt", "html"] as const)(
    "is as in its golden %s (after a wanted change: scripts/update-goldens.ts)",
    async (form) => {
      expect(await renderGolden(golden, form)).toBe(read(`${golden.name}.${form}.golden`));
    },
  );

  it("shows HTML in names and values as text", async () => {
    const page = await renderGolden(golden, "html");
    expect(page).not.toMatch(
      /<(?!\/?(?:html|head|meta|title|link|style|body|a|header|b|nav|main|h[1-4]|p|div|span|dl|dt|dd|section|table|caption|thead|tbody|tr|th|td|ul|li|strong|code|time|details|summary|pre|footer|form|label|input|button|svg|rect|figure|figcaption)\b|!doctype html>)/,
    );
    expect(page).not.toMatch(/<[^>]*\son\w+=/);
  });
});

it("there is no golden file without a case", () => {
  const expected = GOLDEN_CASES.flatMap(({ name }) => [`${name}.html.golden`, `${name}.txt.golden`]);
  expect(readdirSync(FOLDER).sort()).toEqual(expected.sort());
});

it("a line of plain text has at most 80 columns, unless a URL or a name is longer", () => {
  for (const { name, path } of GOLDEN_CASES) {
    if (path.startsWith("/preview")) continue;
    const wide = read(`${name}.txt.golden`)
      .split("\n")
      .filter((line) => line.length > 80 && !/https?:|cursor=/.test(line));
    expect({ name, wide }).toEqual({ name, wide: [] });
  }
});

it("the plain form says every sentence that the page says about a state", () => {
  const sentences = (html: string) =>
    Array.from(html.matchAll(/<p>([A-Z][^<]+)/g), ([, sentence = ""]) => sentence.trim());
  const flat = (text: string) => text.replace(/\s+/g, " ");
  for (const { name } of GOLDEN_CASES.filter((golden) => golden.path === "/")) {
    const plain = flat(read(`${name}.txt.golden`));
    for (const sentence of sentences(read(`${name}.html.golden`))) {
      const shown = sentence.replace(/^(Pull request|Commit)$/, "").replaceAll("&#39;", "'");
      if (shown !== "" && !shown.startsWith("Version") && !shown.startsWith("If that"))
        expect(plain).toContain(flat(shown));
    }
  }
});
