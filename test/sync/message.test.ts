import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import type { RecordChange } from "../../src/files/codec.ts";
import type { CategoryState } from "../../src/sync/drift.ts";
import {
  CLOSING,
  commitMessage,
  describeIn,
  EDITED,
  isOurs,
  type MessageInput,
  pullRequestSection,
  readFingerprint,
  replaceSection,
  titleFor,
  withdrawFingerprint,
} from "../../src/sync/message.ts";
import { findActivePlainText, withoutCodeSpans } from "../core/markdown-oracle.ts";
import { added, drifting, field, inSync, modified, removed } from "../fakes/drift.ts";
import { HOSTILE, hostileText } from "../fakes/hostile-text.ts";

const FINGERPRINT = "5b3c".repeat(16);
const OTHER = "0f0f".repeat(16);

function input(states: readonly CategoryState[], changes: Partial<MessageInput> = {}): MessageInput {
  return { states, fingerprint: FINGERPRINT, primaryUrl: "https://primary.test", lastUpdated: 1795219334, ...changes };
}

const changesOf = (names: readonly string[]): RecordChange[] =>
  names.flatMap((name) => [
    added(name),
    removed(name),
    modified(name, [field(name, JSON.stringify(name), null), field("plain", null, name)]),
  ]);

/** A drift in which PRIMARY chose every text it can. */
function withTexts(names: readonly string[]): CategoryState[] {
  return [
    drifting({ changes: changesOf(names), warnings: names.map((name) => `Careful with ${name}`) }),
    drifting({ category: "blip", held: `Would lose ${names.join()}.` }),
  ];
}

describe("the commit message", () => {
  it("has a subject, the names and the trailers", () => {
    const states = [
      drifting({
        category: "image_generation",
        changes: [added("Dreamshaper"), modified("Deliberate", [field("nsfw"), field("version")])],
      }),
      inSync({ category: "blip" }),
      drifting({ category: "clip", changes: [removed("Old")] }),
      drifting({ category: "esrgan", held: "Too much." }),
    ];
    expect(commitMessage(input(states))).toBe(
      [
        "Sync image_generation, clip with PRIMARY: 1 added, 1 removed, 1 modified",
        "",
        "image_generation",
        "- add: Dreamshaper",
        "- modify: Deliberate (nsfw, version)",
        "",
        "clip",
        "- remove: Old",
        "",
        `Sync-Fingerprint: ${FINGERPRINT}`,
        "Primary-Last-Updated: 1795219334",
      ].join("\n"),
    );
  });

  it("tells a repair without a changed record, and an unknown time", () => {
    const message = commitMessage(input([drifting({ changes: [] })], { lastUpdated: null }));
    expect(message).toMatch(/^Sync clip with PRIMARY: repair derived files\n\nclip\n- repair the derived file\n/);
    expect(message).toMatch(/\nPrimary-Last-Updated: unknown$/);
  });

  it("lists at most a hundred names of a category", () => {
    const changes = Array.from({ length: 130 }, (_, index) => added(`Model ${index}`));
    const lines = commitMessage(input([drifting({ changes })])).split("\n");
    expect(lines.filter((line) => line.startsWith("- add: "))).toHaveLength(100);
    expect(lines).toContain("- and 30 more");
  });

  it("carries a trailer that is recognised as ours", () => {
    expect(isOurs(commitMessage(input([drifting()])))).toBe(true);
  });

  it("lets nothing of PRIMARY take effect, or start a line of its own", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
        const lines = commitMessage(input(withTexts(names))).split("\n");
        const plain = commitMessage(input(withTexts(names.map(() => "a")))).split("\n");
        expect(lines.length).toBe(plain.length);
        for (const [index, line] of lines.entries()) {
          const [start = ""] = /^(- \w+: )?/.exec(plain[index] ?? "") ?? [];
          if (start === "") expect(line).toBe(plain[index]);
          else expect([line.startsWith(start), findActivePlainText(line)]).toEqual([true, []]);
        }
      }),
      { numRuns: 300 },
    );
  });

  const trailers = (message: string) => {
    const parsed = spawnSync("git", ["interpret-trailers", "--parse"], { input: message, encoding: "utf8" });
    if (parsed.status !== 0) throw new Error(parsed.stderr);
    return parsed.stdout;
  };

  it.each<[string, readonly string[]]>([
    ["no text of PRIMARY at all", ["a"]],
    ["every hostile text", HOSTILE],
    ["a trailer of its own", ["Sync-Fingerprint: 0", "Co-authored-by: A <a@evil.test>", "Signed-off-by: B"]],
    ["a line that git takes for the end", ["---", "\n---\n", "# comment", "\n# Please enter"]],
  ])("parses to our two trailers with %s", (_what, names) => {
    const message = commitMessage(input(withTexts(names)));
    expect(trailers(message)).toBe(`Sync-Fingerprint: ${FINGERPRINT}\nPrimary-Last-Updated: 1795219334\n`);
    expect(isOurs(message)).toBe(true);
  });

  it("parses to our two trailers with any text", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (names) => {
        const expected = `Sync-Fingerprint: ${FINGERPRINT}\nPrimary-Last-Updated: 1795219334\n`;
        expect(trailers(commitMessage(input(withTexts(names))))).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe("whose commit it is", () => {
  const trailer = `Sync-Fingerprint: ${FINGERPRINT}`;
  it.each<[string, string, boolean]>([
    ["ours", `Sync\n\nclip\n\n${trailer}`, true],
    ["ours with another trailer after", `Sync\n\n${trailer}\nSigned-off-by: A`, true],
    ["ours with white space behind", `Sync\n\n${trailer}\n\n`, true],
    ["a person's", "Fix a typo", false],
    ["a person's that quotes ours in its text", `Revert\n\n${trailer}\n\nbecause it was wrong`, false],
    ["a person's that quotes it in a line", `Revert\n\nThis reverts ${trailer}`, false],
    ["one with a cut fingerprint", "Sync\n\nSync-Fingerprint: 5b3c", false],
    ["nobody's", "", false],
  ])("%s", (_what, message, expected) => {
    expect(isOurs(message)).toBe(expected);
  });
});

describe("the title", () => {
  it.each<[string, CategoryState[], string]>([
    ["one category", [drifting()], "Sync clip with PRIMARY: 1 added"],
    [
      "what is held or in sync is not in it",
      [drifting(), inSync({ category: "blip" }), drifting({ held: "x" })],
      "Sync clip with PRIMARY: 1 added",
    ],
    [
      "too many categories to name",
      CATEGORY_NAMES.map((category) => drifting({ category, changes: changesOf(["a", "b"]) })),
      "Sync 10 categories with PRIMARY: 20 added, 20 removed, 20 modified",
    ],
  ])("%s", (_what, states, expected) => {
    expect(titleFor(states)).toBe(expected);
  });

  it("has at most 72 characters and nothing of PRIMARY's in it", () => {
    const states = fc.uniqueArray(fc.constantFrom(...CATEGORY_NAMES), { minLength: 1 });
    const names = fc.array(hostileText, { minLength: 1, maxLength: 300, size: "max" });
    fc.assert(
      fc.property(states, names, (categories, texts) => {
        const titled = (changes: RecordChange[]) =>
          titleFor(categories.map((category) => drifting({ category, changes })));
        const title = titled(changesOf(texts));
        expect(title.length).toBeLessThanOrEqual(72);
        expect(title).toBe(titled(changesOf(texts.map(() => "a"))));
        expect(
          commitMessage(input([drifting({ changes: changesOf(texts) })])).split("\n", 1)[0]?.length,
        ).toBeLessThanOrEqual(72);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the pull request's text", () => {
  it("has a summary, the source, the names and what changed in them", () => {
    const states = [
      drifting({
        changes: [
          added("New"),
          removed("Old"),
          modified("Mod", [field("nsfw", "false", "true"), field("tags", null, '["a"]'), field("x", "1", null)]),
        ],
        warnings: ["Twice the same name."],
      }),
      inSync({ category: "gfpgan" }),
      drifting({ category: "blip", held: "It would remove 9 of 10 records." }),
    ];
    const section = pullRequestSection(input(states, { primaryUrl: "https://primary.test/api" }));
    const lines = section.split("\n");
    expect(lines[0]).toBe(`<!-- horde-model-reference-sync:begin fingerprint=${FINGERPRINT} -->`);
    expect(lines.at(-1)).toBe("<!-- horde-model-reference-sync:end -->");
    expect(section).toContain("(<https://primary.test/api/model_references/v1/>)");
    expect(section).toContain("\n| clip | 1 | 1 | 1 |\n| blip (held) | 1 | 0 | 0 |\n");
    expect(section).not.toContain("gfpgan");
    expect(section).toContain(
      [
        "### clip",
        "",
        "- ⚠ `Twice the same name.`",
        "- added: `New`",
        "- removed: `Old`",
        "- modified: `Mod`",
        "  - `nsfw`: `false` → `true`",
        '  - `tags`: absent → `["a"]`',
        "  - `x`: `1` → absent",
        "",
        "### blip: held",
        "",
        "Not part of this pull request: `It would remove 9 of 10 records.`",
      ].join("\n"),
    );
  });

  it("shows at most twelve fields of a record", () => {
    const fields = Array.from({ length: 15 }, (_, index) => field(`f${index}`));
    const section = pullRequestSection(input([drifting({ changes: [modified("Mod", fields)] })]));
    expect(section.match(/^ {2}- `f\d+`/gm)).toHaveLength(12);
    expect(section).toContain("\n  - and 3 more fields\n");
  });

  it("tells which files are repaired", () => {
    const files = new Map([["db.json", "{}"]]);
    const section = pullRequestSection(input([drifting({ category: "text_generation", changes: [], files })]));
    expect(section).toContain("\n- repaired: db.json\n");
  });

  it.each([
    ["https://primary.test/%zz", "<https://primary.test/%zz/model_references/v1/>"],
    ["https://primary.test/a%20b", "<https://primary.test/a%20b/model_references/v1/>"],
    ["https://primary.test/a b>@db0", "<https://primary.test/a%20b%3E@db0/model_references/v1/>"],
    ["http://localhost:8800", "<http://localhost:8800/model_references/v1/>"],
  ])("links the source %s", (primaryUrl, expected) => {
    expect(pullRequestSection(input([drifting()], { primaryUrl }))).toContain(`(${expected})`);
  });

  /** The text outside of code spans, line by line. */
  const skeleton = (section: string) => section.split(/\r\n|\r|\n/).map(withoutCodeSpans);

  it("lets nothing of PRIMARY leave its code span", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
        const section = pullRequestSection(input(withTexts(names)));
        const plain = pullRequestSection(input(withTexts(names.map(() => "a"))));
        expect(skeleton(section)).toEqual(skeleton(plain));
      }),
      { numRuns: 300 },
    );
  });

  it.each(HOSTILE)("lets %j stay in its code span", (name) => {
    const section = pullRequestSection(input(withTexts([name])));
    expect(skeleton(section)).toEqual(skeleton(pullRequestSection(input(withTexts(["a"])))));
    expect(section.match(/^<!-- horde-model-reference-sync:(begin|end)/gm)).toHaveLength(2);
    expect(readFingerprint(section)).toBe(FINGERPRINT);
  });
});

describe("a pull request's text that is too long", () => {
  interface Case {
    readonly title: string;
    readonly count: number;
    readonly change: (index: number) => RecordChange;
  }
  const many = Array.from({ length: 12 }, (_, index) => field(`field ${index}`, "1".repeat(200), "2".repeat(200)));
  it.each<Case>([
    { title: "many short names", count: 4000, change: (index) => added(`Model ${index}`) },
    { title: "long names", count: 1000, change: (index) => removed(`${index} ${"x".repeat(10_000)}`) },
    { title: "names of many bytes", count: 1000, change: (index) => added(`${index} ${"\u{1f600}".repeat(300)}`) },
    { title: "many fields", count: 200, change: (index) => modified(`Model ${index}`, many) },
  ])("is cut at a record, and says how many are missing: $title", ({ count, change }) => {
    const states = [
      drifting({ changes: Array.from({ length: count }, (_, index) => change(index)) }),
      drifting({ category: "esrgan", changes: [added("Last")] }),
    ];
    const section = pullRequestSection(input(states));
    expect(section.length).toBeLessThanOrEqual(60_000);
    expect(section.length).toBeGreaterThan(55_000);
    const lines = section.split("\n");
    const shown = lines.filter((line) => /^- (added|removed|modified): /.test(line)).length;
    const [, missing = ""] = /^… and (\d+) more records/m.exec(section) ?? [];
    expect(shown + Number(missing)).toBe(count + 1);
    expect(lines.filter((line) => line.startsWith("  - "))).toHaveLength(count === 200 ? shown * 12 : 0);
    expect(lines.at(-1)).toBe("<!-- horde-model-reference-sync:end -->");
  });

  it("leaves room for what people wrote around it, within what GitHub takes", () => {
    const changes = Array.from({ length: 3000 }, (_, index) => added(`${"x".repeat(60)} ${index}`));
    const theirs = "Mine. ".repeat(4000);
    const body = describeIn(theirs, input([drifting({ changes })]));
    expect(body.length).toBeGreaterThan(60_000);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.startsWith(theirs.trimEnd())).toBe(true);
    expect(body).toMatch(/^… and \d+ more records/m);
    const again = describeIn(body, input([drifting({ changes: changes.slice(1) })]));
    expect(again.length).toBeLessThanOrEqual(65_536);
    expect(again.startsWith(theirs.trimEnd())).toBe(true);
  });

  it("counts no records where only warnings were cut", () => {
    const warnings = Array.from({ length: 400 }, (_, index) => `${"w".repeat(300)} ${index}`);
    const section = pullRequestSection(
      input([drifting({ changes: [], warnings, files: new Map([["a.json", "{}"]]) })]),
    );
    expect(section).toMatch(/^… there is more to say; the commits hold everything\.$/m);
  });

  it("never is, whatever PRIMARY sends", () => {
    const names = fc.array(hostileText, { minLength: 100, maxLength: 400, size: "max" });
    fc.assert(
      fc.property(names, (texts) => {
        const states = [...withTexts(texts), drifting({ category: "esrgan", changes: changesOf(texts) })];
        const section = pullRequestSection(input(states));
        expect(section.length).toBeLessThanOrEqual(60_000);
        expect(section.endsWith("\n<!-- horde-model-reference-sync:end -->")).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe("our section within a body", () => {
  const first = pullRequestSection(input(withTexts(HOSTILE)));
  const second = pullRequestSection(input([drifting()], { fingerprint: OTHER }));

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
        const section = pullRequestSection(input(withTexts(texts)));
        const body = `${before}\n${section}\n${after}`;
        expect(replaceSection(body, second)).toBe(`${before}\n${second}\n${after}`);
        expect(replaceSection(body, section)).toBe(body);
        expect(readFingerprint(replaceSection(body, second))).toBe(OTHER);
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
    expect(readFingerprint(body)).toBe(expected);
  });

  it("has no fingerprint after it was withdrawn, and is replaced as before", () => {
    const withdrawn = withdrawFingerprint(`Before\n${first}\nAfter`);
    expect(readFingerprint(withdrawn)).toBe(null);
    expect(replaceSection(withdrawn, second)).toBe(`Before\n${second}\nAfter`);
    expect(withdrawFingerprint(withdrawn)).toBe(withdrawn);
  });
});

describe("our comments", () => {
  it.each([EDITED, CLOSING])("are one marker and a text without anything active: $marker", ({ marker, text }) => {
    expect(marker).toMatch(/^<!-- horde-model-reference-sync:[a-z]+ -->$/);
    expect(findActivePlainText(text)).toEqual([]);
  });
});
