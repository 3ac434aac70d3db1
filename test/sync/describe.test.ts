import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import type { RecordChange } from "../../src/files/codec.ts";
import type { CategoryDelta } from "../../src/sync/delta.ts";
import { commitText, describeIn, section, titleFor } from "../../src/sync/describe.ts";
import { readMarker } from "../../src/sync/marker.ts";
import type { KeptBack, Story } from "../../src/sync/story.ts";
import { printTrailers, readSignature } from "../../src/sync/trailers.ts";
import { findActivePlainText, withoutCodeSpans } from "../core/markdown-oracle.ts";
import { added, drifting, field, modified, removed, renamed } from "../fakes/drift.ts";
import { HOSTILE, hostileText } from "../fakes/hostile-text.ts";
import { storyOf } from "../fakes/story.ts";
import { changesOf, commitMessage, FINGERPRINT, TREE, withTexts } from "./commit-message.ts";

const heldBy = (names: readonly string[]): KeptBack[] => [{ category: "blip", why: `Would lose ${names.join()}.` }];

/** A story in which PRIMARY chose every text it can. */
const hostileStory = (names: readonly string[]): Story =>
  storyOf(
    withTexts(names).map((entry) => ({ ...entry, origin: { names, commits: [], since: "0".repeat(40) } })),
    { keptBack: heldBy(names) },
  );

describe("the commit message", () => {
  it("has a subject, the names and the trailers", () => {
    const delta = [
      drifting({
        category: "image_generation",
        changes: [added("Dreamshaper"), modified("Deliberate", [field("nsfw"), field("version")])],
      }),
      drifting({ category: "clip", changes: [removed("Old"), renamed("One", "Two", [field("v")])] }),
    ];
    expect(commitMessage(delta)).toBe(
      [
        "Sync 2 categories with PRIMARY: 1 added, 1 removed, 1 modified, 1 rename",
        "",
        "image_generation",
        "- add: Dreamshaper",
        "- modify: Deliberate (nsfw, version)",
        "",
        "clip",
        "- remove: Old",
        "- rename: One → Two (v)",
        "",
        `Sync-Fingerprint: ${FINGERPRINT}`,
        "Primary-Last-Updated: 1795219334",
        `Sync-Tree: ${TREE}`,
      ].join("\n"),
    );
  });

  it("tells a repair without a changed record, and an unknown time", () => {
    const text = commitText([drifting({ changes: [] })]);
    expect(text).toMatch(/^Sync clip with PRIMARY: repair clip\.json\n\nclip\n- repair clip\.json$/);
    expect(printTrailers({ fingerprint: FINGERPRINT, lastUpdated: null, tree: TREE })).toContain(
      "\nPrimary-Last-Updated: unknown\n",
    );
    const both = commitText([drifting({ changes: [], files: ["models.csv", "db.json"] })]);
    expect(both.split("\n").at(-1)).toBe("- repair models.csv, db.json");
  });

  it("names at most twelve fields of a record", () => {
    const text = (count: number) =>
      commitText([
        drifting({
          changes: [
            modified(
              "M",
              Array.from({ length: count }, (_, index) => field(`f${index}`)),
            ),
          ],
        }),
      ]);
    expect(text(12)).toMatch(/\(f0, f1, .*, f10, f11\)$/);
    expect(text(13)).toMatch(/, f11, …\)$/);
  });

  it("says in its list what its subject says of files that change no record", () => {
    const text = commitText([drifting({ changes: [], unreadable: "No JSON" }), drifting({ changes: [] })]);
    expect(text.split("\n")).toEqual([
      "Sync clip, clip with PRIMARY: change clip.json, clip.json",
      "",
      "clip",
      "- change clip.json",
      "",
      "clip",
      "- repair clip.json",
    ]);
  });

  it("lists at most five hundred names of a category", () => {
    const changes = Array.from({ length: 530 }, (_, index) => added(`Model ${index}`));
    const lines = commitMessage([drifting({ changes })]).split("\n");
    expect(lines.filter((line) => line.startsWith("- add: "))).toHaveLength(500);
    expect(lines).toContain("- and 30 more");
    expect(commitMessage([drifting({ changes: changes.slice(30) })])).not.toMatch(/^- and /m);
  });

  it("carries a trailer that is recognised as ours", () => {
    expect(readSignature({ message: commitMessage([drifting()]), treeSha: TREE })).toBe("ours");
  });

  it("lets nothing of PRIMARY take effect, or start a line of its own", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
        const lines = commitMessage(withTexts(names)).split("\n");
        const plain = commitMessage(withTexts(names.map(() => "a"))).split("\n");
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
});

describe("the title", () => {
  const text = (files: string[], rest = {}) => [drifting({ category: "text_generation", changes: [], files, ...rest })];
  it.each<[string, CategoryDelta[], string]>([
    ["only models.csv", text(["models.csv"]), "Sync text_generation with PRIMARY: repair models.csv"],
    ["files alone", text(["models.csv", "db.json"]), "Sync text_generation with PRIMARY: repair models.csv, db.json"],
    ["unreadable", text(["db.json"], { unreadable: "No JSON" }), "Sync text_generation with PRIMARY: change db.json"],
    [
      "more files than fit",
      [...text(["models.csv", "db.json"]), drifting({ changes: [] })],
      "Sync text_generation, clip with PRIMARY: repair 3 files",
    ],
    [
      "some unreadable",
      [...text(["db.json"]), drifting({ changes: [], unreadable: "No JSON" })],
      "Sync text_generation, clip with PRIMARY: change db.json, clip.json",
    ],
    ["one category", [drifting()], "Sync clip with PRIMARY: 1 added"],
    [
      "too many categories to name",
      CATEGORY_NAMES.map((category) => drifting({ category, changes: changesOf(["a", "b"]) })),
      "Sync 10 categories with PRIMARY: 20 added, 20 removed, 20 modified, 20 r",
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
        expect(commitMessage([drifting({ changes: changesOf(texts) })]).split("\n", 1)[0]?.length).toBeLessThanOrEqual(
          72,
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe("the pull request's text", () => {
  it("has a summary, the source, the names and what changed in them", () => {
    const delta = [
      drifting({
        changes: [
          added("New", '{"baseline": "sdxl", "nsfw": true, "size_on_disk_bytes": 2132625432, "homepage": "https://x"}'),
          removed("Old"),
          modified("Mod", [field("nsfw", "false", "true"), field("tags", null, '["a"]'), field("x", "1", null)]),
          renamed("One", "Two", [field("v")]),
        ],
        warnings: ["Twice the same name."],
      }),
    ];
    const keptBack: KeptBack[] = [{ category: "blip", why: "It would remove 9 of 10 records." }];
    const body = section(storyOf(delta, { keptBack, primaryUrl: "https://primary.test/api" }));
    const lines = body.split("\n");
    expect(lines[0]).toBe(`<!-- horde-model-reference-sync:begin fingerprint=${FINGERPRINT} source=0123abcd -->`);
    expect(lines.at(-1)).toBe("<!-- horde-model-reference-sync:end -->");
    expect(body).toContain("PRIMARY ([`https://primary.test/api`](https://primary.test/)) owns");
    expect(body).toContain("exactly what PRIMARY says, but for what is kept back below.");
    expect(body).toContain(
      "| category | added | removed | modified | renamed |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    expect(body).toContain("| [clip](https://primary.test/api/model_references/v1/clip) | 1 | 1 | 1 | 1 |\n");
    expect(section(storyOf([drifting()]))).toContain("| category | added | removed | modified |\n");
    expect(body).toContain(
      [
        "### blip: held",
        "",
        "Not part of this pull request: `It would remove 9 of 10 records.`",
        "",
        "### clip",
        "",
        "- ⚠ `Twice the same name.`",
        "",
        "**1 removed: clients that ask for them will not find them any more**",
        "",
        "| removed |",
        "| --- |",
        "| `Old` |",
        "",
        "**1 renamed: clients that ask for the old name will not find it any more**",
        "",
        "- `One` → `Two`",
        "  - `v`: `1` → `2`",
        "",
        "**1 added**",
        "",
        "| added | baseline | size | nsfw | homepage |",
        "| --- | --- | --- | --- | --- |",
        "| `New` | `sdxl` | 2.1\u00a0GB | yes | `https://x` |",
        "",
        "**1 modified**",
        "",
        "- `Mod`",
        "  - `nsfw`: `false` → `true`",
        '  - `tags`: absent → `["a"]`',
        "  - `x`: `1` → absent",
      ].join("\n"),
    );
  });

  it.each<[string, Partial<Story>, string]>([
    ["everything", {}, "."],
    ["all but what is held", { keptBack: heldBy(["a"]) }, ", but for what is kept back below."],
    ["all but one category", { unknown: ["blip"] }, ", but for blip, which was not compared."],
    ["all but two", { unknown: ["blip", "clip"] }, ", but for blip, clip, which were not compared."],
    [
      "all but both",
      { keptBack: heldBy(["a"]), unknown: ["clip"] },
      ", but for what is kept back below, and clip, which was not compared.",
    ],
  ])("says how much is as PRIMARY says: %s", (_what, rest, end) => {
    const [, intro = ""] = section(storyOf([drifting()], rest)).split("\n");
    expect(intro.slice(intro.indexOf("exactly what"))).toBe(`exactly what PRIMARY says${end}`);
  });

  it("has a column for renamed records as soon as one category has some", () => {
    const lines = section(storyOf([drifting(), drifting({ category: "blip", changes: [renamed("A", "B")] })])).split(
      "\n",
    );
    const row = (category: string) => `| [${category}](https://primary.test/model_references/v1/${category}) |`;
    expect(lines.slice(2, 7)).toEqual([
      "",
      "| category | added | removed | modified | renamed |",
      "| --- | ---: | ---: | ---: | ---: |",
      `${row("clip")} 1 | 0 | 0 | 0 |`,
      `${row("blip")} 0 | 0 | 0 | 1 |`,
    ]);
  });

  it("ends with what the bot does, a blank line before and none behind", () => {
    const end = (statusUrl: string | null) =>
      section(storyOf([drifting()], { statusUrl }))
        .split("\n")
        .slice(-5);
    const about = expect.stringMatching(
      /^Commits here are made by a bot; .* Close it unmerged to reject exactly these changes\.$/,
    );
    const marker = "<!-- horde-model-reference-sync:end -->";
    expect(end(null)).toEqual(["| --- |", "| `Model` |", "", about, marker]);
    expect(end("https://s")).toEqual(["", about, "", expect.stringMatching(/^\[Status\]/), marker]);
  });

  it("has no column for what none of the records says", () => {
    const values = [
      '{"baseline": "", "style": 1, "nsfw": false, "parameters": 0, "size_on_disk_bytes": -1}',
      "[]",
      "no JSON",
    ];
    const body = section(storyOf([drifting({ changes: values.map((value, index) => added(`M${index}`, value)) })]));
    expect(body).toContain("| added |\n| --- |\n| `M0` |\n| `M1` |\n| `M2` |\n");
    const sizes = ['{"parameters": 7241732096, "url": "https://x"}', '{"style": "s"}'];
    expect(section(storyOf([drifting({ changes: sizes.map((value) => added("M", value)) })]))).toContain(
      "| added | style | size | homepage |\n| --- | --- | --- | --- |\n| `M` |  | 7.24B | `https://x` |\n| `M` | `s` |  |  |\n",
    );
  });

  it("folds long lists", () => {
    const changes = Array.from({ length: 26 }, (_, index) => added(`Model ${index}`));
    const body = section(storyOf([drifting({ changes })]));
    expect(body).toContain("<details><summary>26 added</summary>\n\n| added |\n| --- |\n| `Model 0` |\n");
    expect(body).toContain("| `Model 25` |\n\n</details>\n");
    expect(section(storyOf([drifting({ changes: changes.slice(1) })]))).not.toContain("<details>");
  });

  it("names the edit of the base that is undone, or says how many it may be", () => {
    const commit = "0123456789".repeat(4);
    const origin = (commits: string[]) =>
      section(storyOf([drifting({ origin: { names: ["Model"], commits, since: "feed".repeat(10) } })]));
    const url = "https://github.test/o/n";
    expect(origin([commit])).toContain(
      `- ⚠ PRIMARY did not change \`Model\`: merging this undoes [0123456](${url}/commit/${commit}).`,
    );
    const compare = `([compare](${url}/compare/${"feed".repeat(10)}...${"ba5e".repeat(10)}))`;
    expect(origin([commit, commit])).toContain(`undoes one of 2 commits ${compare}.`);
    expect(origin([])).toContain(`undoes an edit made here since the two were last in sync ${compare}.`);
  });

  it("says of files that cannot be read record by record that they differ", () => {
    const files = ["models.csv", "db.json"];
    const body = section(storyOf([drifting({ changes: [], files, unreadable: "db.json is not JSON" })]));
    expect(body).toContain("\n- changed: models.csv, db.json (`db.json is not JSON`)\n");
    expect(body).not.toContain("repaired");
  });

  it("shows at most twelve fields of a record", () => {
    const fields = Array.from({ length: 15 }, (_, index) => field(`f${index}`));
    const body = section(storyOf([drifting({ changes: [modified("Mod", fields)] })]));
    expect(body.match(/^ {2}- `f\d+`/gm)).toHaveLength(12);
    expect(body).toContain("\n  - and 3 more fields\n");
    const withFields = (count: number) =>
      section(storyOf([drifting({ changes: [modified("Mod", fields.slice(0, count))] })]));
    expect(withFields(13)).toContain("\n  - and 1 more field\n");
    expect(withFields(12)).not.toContain("more");
  });

  it("never shows what differs as the same", () => {
    const long = (end: string) => JSON.stringify({ files: `${"x".repeat(300)}${end}${"y".repeat(300)}` });
    const changes = [
      modified("Mod", [field("config", long("https://good.test/a"), long("https://evil.test/a"))]),
      renamed(`${"n".repeat(300)} 1`, `${"n".repeat(300)} 2`),
    ];
    const body = section(storyOf([drifting({ changes })]));
    expect(body).toMatch(/- `config\.files`: `…x+https:\/\/good\.test\/ay+…` → `…x+https:\/\/evil\.test\/ay+…`/);
    expect(body).toMatch(/- `…n+ 1` → `…n+ 2`/);
    expect(commitText([drifting({ changes })])).toMatch(/- rename: …n+ 1 → …n+ 2$/m);
  });

  it("tells which files are repaired", () => {
    const files = ["models.csv", "db.json"];
    const body = section(storyOf([drifting({ category: "text_generation", changes: [], files })]));
    expect(body).toContain("\n- repaired: models.csv, db.json\n");
  });

  it("links to the page of the service, where that is known", () => {
    expect(section(storyOf([drifting()]))).not.toContain("[Status]");
    const url = "https://sync.test";
    expect(section(storyOf([drifting()], { statusUrl: url }))).toContain(
      `\n[Status](${url}/) · [runs](${url}/runs) · [preview](${url}/preview)\n`,
    );
  });

  it("tells of a nested value just what is another", () => {
    const config = (path: string) => JSON.stringify({ files: [{ path, sha256sum: "a".repeat(64) }], download: [] });
    const changes = [modified("Mod", [field("config", config("old.ckpt"), config("new.ckpt"))])];
    expect(section(storyOf([drifting({ changes })]))).toContain(
      '  - `config.files[0].path`: `"old.ckpt"` → `"new.ckpt"`\n',
    );
  });

  it("keeps a table's cells apart, whatever stands in them", () => {
    const value = JSON.stringify({ baseline: "a|b", style: "c\\|d", homepage: "e\\" });
    const row = section(storyOf([drifting({ changes: [added("x|`y", value)] })]))
      .split("\n")
      .find((line) => line.includes("`y"));
    expect(row).toBe("| ``x\\|`y`` | `a\\|b` | `c\\\u200b\\|d` | `e\\` |");
  });

  /** The text outside of code spans, line by line. */
  const skeleton = (body: string) => body.split(/\r\n|\r|\n/).map(withoutCodeSpans);

  it("lets nothing of PRIMARY leave its code span", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
        const body = section(hostileStory(names));
        const plain = section(hostileStory(names.map(() => "a")));
        expect(skeleton(body)).toEqual(skeleton(plain));
      }),
      { numRuns: 300 },
    );
  });

  it.each(HOSTILE)("lets %j stay in its code span", (name) => {
    const body = section(hostileStory([name]));
    expect(skeleton(body)).toEqual(skeleton(section(hostileStory(["a"]))));
    expect(body.match(/^<!-- horde-model-reference-sync:(begin|end)/gm)).toHaveLength(2);
    expect(readMarker(body)?.fingerprint).toBe(FINGERPRINT);
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
    const body = section(storyOf(states));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body.length).toBeGreaterThan(55_000);
    const lines = body.split("\n");
    const shown = lines.filter((line) => /^(- `|\| `)/.test(line)).length;
    const [, missing = "0"] = /^… and (\d+) more records/m.exec(body) ?? [];
    expect(shown + Number(missing)).toBe(count + 1);
    const details = lines.filter((line) => line.startsWith("  - ")).length;
    expect([details > 0, details % 12]).toEqual([count === 200, 0]);
    expect(lines.at(-1)).toBe("<!-- horde-model-reference-sync:end -->");
  });

  it("says of a short list all, whatever stands before it", () => {
    const long = drifting({ changes: Array.from({ length: 6000 }, (_, index) => added(`Model ${index}`)) });
    const short = drifting({ category: "controlnet", changes: [removed("Gone 1"), removed("Gone 2")] });
    const body = section(storyOf([long, short]));
    expect(body).toContain("### controlnet\n\n**2 removed: clients that ask for them");
    expect(body).toMatch(/Gone 1`.*\n.*Gone 2`/);
    expect(body).toMatch(/^… and \d+ more records/m);
  });

  it("leaves room for what people wrote around it, within what GitHub takes", () => {
    const changes = Array.from({ length: 3000 }, (_, index) => added(`${"x".repeat(60)} ${index}`));
    const theirs = "Mine. ".repeat(4000);
    const body = describeIn(theirs, storyOf([drifting({ changes })]));
    expect(body.length).toBeGreaterThan(60_000);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.startsWith(theirs.trimEnd())).toBe(true);
    expect(body).toMatch(/^… and \d+ more records/m);
    const again = describeIn(body, storyOf([drifting({ changes: changes.slice(1) })]));
    expect(again.length).toBeLessThanOrEqual(65_536);
    expect(again.startsWith(theirs.trimEnd())).toBe(true);
  });

  it("counts no records where only warnings were cut", () => {
    const warnings = Array.from({ length: 400 }, (_, index) => `${"w".repeat(300)} ${index}`);
    const body = section(storyOf([drifting({ changes: [], warnings, files: ["a.json"] })]));
    expect(body).toMatch(/^… there is more to say; the changed files show everything\.$/m);
  });

  it("still names every record as long as the names have room, what is gone first", () => {
    const changes = [
      ...Array.from({ length: 200 }, (_, index) => modified(`Model ${index}`, many)),
      ...Array.from({ length: 25 }, (_, index) => removed(`Gone ${index}`)),
    ];
    for (const text of [section(storyOf([drifting({ changes })])), commitMessage([drifting({ changes })])]) {
      expect(text).not.toMatch(/more record|and \d+ more$/m);
      const names = [...text.matchAll(/(?:Model|Gone) \d+/g)].map(([name]) => name);
      expect(names).toHaveLength(225);
      expect(names.slice(0, 25).every((name) => name.startsWith("Gone"))).toBe(true);
    }
  });

  it("says of a category that is on the branch and held beyond that both in one place", () => {
    const keptBack: KeptBack[] = [{ category: "clip", why: "It would remove 9 of 10 records." }];
    const body = section(storyOf([drifting({ changes: [removed("Old")] })], { keptBack }));
    expect(body.match(/^### /gm)).toHaveLength(1);
    expect(body).toContain(
      "### clip: the rest is held\n\n- ⚠ PRIMARY says something else by now, which is held: `It would remove 9 of 10 records.`\n",
    );
    expect(body).not.toContain("Not part of this pull request");
  });

  it("never is, whatever PRIMARY sends", () => {
    const names = fc.array(hostileText, { minLength: 100, maxLength: 400, size: "max" });
    fc.assert(
      fc.property(names, (texts) => {
        const states = [...withTexts(texts), drifting({ category: "esrgan", changes: changesOf(texts) })];
        const body = section(storyOf(states));
        expect(body.length).toBeLessThanOrEqual(60_000);
        expect(body.endsWith("\n<!-- horde-model-reference-sync:end -->")).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
