import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { section } from "../../src/sync/describe.ts";
import { isWithdrawn, readMarker, replaceSection, withdraw, wrapSection } from "../../src/sync/marker.ts";
import { CLOSING, EDITED } from "../../src/sync/remarks.ts";
import { findActivePlainText } from "../core/markdown-oracle.ts";
import { added, drifting } from "../fakes/drift.ts";
import { HOSTILE, hostileText } from "../fakes/hostile-text.ts";
import { storyOf } from "../fakes/story.ts";

const FINGERPRINT = "5b3c".repeat(16);
const OTHER = "0f0f".repeat(16);

describe("our section within a body", () => {
  const first = section(storyOf([drifting({ changes: HOSTILE.map((name) => added(name)) })]));
  const second = section(storyOf([drifting()], { fingerprint: OTHER }));

  it.each<[string, string, string]>([
    ["an empty body", "", second],
    ["a blank body", " \r\n", second],
    ["a body without it", "Hello.\n", `Hello.\n\n${second}`],
    ["a body that is it", first, second],
    ["text before and after", `Before\n\n${first}\n\nAfter $& $1`, `Before\n\n${second}\n\nAfter $& $1`],
    [
      "a body that GitHub's form sent back",
      `Before\r\n${first.replaceAll("\n", "\r\n")}\r\nAfter`,
      `Before\r\n${second}\r\nAfter`,
    ],
    ["a section without its end", `Before\n${first.slice(0, 300)}`, `Before\n${second}`],
  ])("is put into %s", (_what, body, expected) => {
    expect(replaceSection(body, second)).toBe(expected);
  });

  it("is replaced as a whole, and what people wrote around it stays", () => {
    const words = fc.string({ unit: "binary" }).filter((text) => !text.includes("horde-model-reference-sync"));
    const names = fc.array(hostileText, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(words, words, names, (before, after, texts) => {
        const ours = section(storyOf([drifting({ changes: texts.map((name) => added(name)) })]));
        const body = `${before}\n${ours}\n${after}`;
        expect(replaceSection(body, second)).toBe(`${before}\n${second}\n${after}`);
        expect(replaceSection(body, ours)).toBe(body);
        expect(readMarker(replaceSection(body, second))?.fingerprint).toBe(OTHER);
      }),
    );
  });

  it.each<[string, string, string | null]>([
    ["our section", first, FINGERPRINT],
    ["our section between other text", `Before\n${first}\nAfter`, FINGERPRINT],
    ["our section with CRLF", first.replaceAll("\n", "\r\n"), FINGERPRINT],
    ["no section", "Hello", null],
    ["a quotation of it", first.replaceAll(/^/gm, "> "), null],
    ["a strange fingerprint", "<!-- horde-model-reference-sync:begin fingerprint=xyz -->", null],
  ])("tells the fingerprint of %s", (_what, body, expected) => {
    expect(readMarker(body)?.fingerprint ?? null).toBe(expected);
  });

  it("of an earlier version is read without its source", () => {
    const body = first.replace(/ source=\w+/, "");
    expect(readMarker(body)).toEqual({ fingerprint: FINGERPRINT, source: null });
    expect(replaceSection(body, second)).toBe(second);
  });

  it("is read again without a source, too", () => {
    const marker = { fingerprint: FINGERPRINT, source: null };
    expect(readMarker(wrapSection(marker, ["Words."]))).toEqual(marker);
  });

  it("has no fingerprint after it was withdrawn, and is replaced as before", () => {
    const withdrawn = withdraw(`Before\n${first}\nAfter`, "feed");
    expect(readMarker(withdrawn)).toEqual({ fingerprint: null, source: "feed" });
    expect([isWithdrawn(withdrawn), isWithdrawn(first), isWithdrawn("")]).toEqual([true, false, false]);
    expect(replaceSection(withdrawn, second)).toBe(`Before\n${second}\nAfter`);
    expect(withdraw(withdrawn, "feed")).toBe(withdrawn);
  });

  it("gets a place for the mark of a withdrawal where it was lost", () => {
    expect(isWithdrawn(withdraw("A person's words.", "feed"))).toBe(true);
  });
});

describe("our comments", () => {
  it.each([EDITED, CLOSING])("are one marker and a text without anything active: $marker", ({ marker, text }) => {
    expect(marker).toMatch(/^<!-- horde-model-reference-sync:[a-z]+ -->$/);
    for (const line of text.split("\n")) expect(findActivePlainText(line)).toEqual([]);
  });
});
