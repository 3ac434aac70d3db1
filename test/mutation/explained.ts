/**
 * Mutations that no test can notice, because they mean the same, or that change what nobody relies on.
 */
export interface Explained {
  readonly path: string;
  /** What stands there, and what the mutation puts in its place, as the survivors' list shows them. */
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

const THERE = "The index is always one of the list; only the compiler asks what would be otherwise.";
const FASTER = "The short way says the same as the long one, and only saves time.";
const DISTINCT = "The two are never equal.";
const GIVES_UP = "A walk that gives up tells nothing, and both values are then read losslessly.";
const BEHIND = "Behind the end stands no character, which is no white space.";
const BUG = "Nothing else is thrown there, but for a bug.";

/** Original, replacement, why. */
type Entry = readonly [original: string, replacement: string, why: string];

const BY_PATH: Readonly<Record<string, readonly Entry[]>> = {
  "src/files/checks/stable-diffusion.ts": [
    ['readPrintedRecords(text.replaceAll("\\r\\n", "\\n")) === null', "true", FASTER],
    ['"\\r\\n"', '""', FASTER],
    ["next < offset", "next <= offset", "A member never begins with a line feed."],
    [
      "takes(rest) && at + rest.length === text.length",
      "takes(rest) || at + rest.length === text.length",
      "What follows the end is refused for its form before.",
    ],
    ["at + rest.length === text.length", "true", "What follows the end is refused for its form before."],
  ],
  "src/files/checks/node-rules.ts": [
    ['node.kind === "string"', "true", "What is no string has no content, and so none that is allowed."],
  ],
  "src/files/json/canonical.ts": [["a.name < b.name", "a.name <= b.name", DISTINCT]],
  "src/files/json/align.ts": [
    [
      "head < shorter",
      "head <= shorter",
      "Behind both ends nothing is left to match, and behind one stands nothing that the other has.",
    ],
  ],
  "src/files/json/edit-records.ts": [
    ["known.set(index, layout);", ";", FASTER],
    ["renamed.size === 0", "false", FASTER],
  ],
  "src/files/json/edit-value.ts": [
    ["[]", '["Stryker was here"]', THERE],
    ["[node]", "[]", "The layout that comes with a value was taken from the value first."],
    ["index + 1", "index - 1", "The neighbours behind are the last to be asked; to ask two twice tells nothing new."],
  ],
  "src/files/json/pair-members.ts": [
    ["true", "false", FASTER],
    ["same.set(namesake, member);", ";", FASTER],
  ],
  "src/files/json/printed-members.ts": [
    ["behind === undefined", "false", "The expression has both groups or none."],
    ["quoted === undefined", "false", "The expression has both groups or none."],
    [
      "quoted === undefined || behind === undefined",
      "quoted === undefined && behind === undefined",
      "The expression has both groups or none.",
    ],
  ],
  "src/files/json/rebuild.ts": [
    ["start + 1", "start - 1", THERE],
    ["element?.start", "element.start", THERE],
    ["elements[piece.from]?.start", "elements[piece.from].start", THERE],
    ["elements[lastIndex]?.end", "elements[lastIndex].end", THERE],
    ["elements.at(-1)?.end", "elements.at(-1).end", THERE],
    ["piece.body === null", "false", FASTER],
  ],
  "src/files/json/record-diff.ts": [
    ['"-"', '""', "Any other character will do, as long as it is not the one that ends the place."],
    ['"before"', '""', "It is only told apart from the other side."],
  ],
  "src/files/json/record-order.ts": [
    [
      "(values[ends[middle] ?? 0] ?? 0) < value",
      "(values[ends[middle] ?? 0] ?? 0) <= value",
      "The places of a list's names are distinct.",
    ],
    ["follower === undefined", "false", "Under no name stands no record."],
    ["behind !== undefined", "true", "No place is behind one that is not there."],
    ["at < before", "at <= before", DISTINCT],
    ["at > behind", "at >= behind", DISTINCT],
  ],
  "src/files/json/numbers.ts": [
    ['""', '"Stryker was here!"', "Of a well-formed number the groups of its sign and of its first digits are there."],
    ["end > start", "end >= start", "Zeros alone are zero, and so is one of them."],
  ],
  "src/files/text/csv-form.ts": [["row.isClosed", "true", "What is rendered is closed."]],
  "src/files/text/rename-rows.ts": [['""', '"Stryker was here!"', "A row that ends before its name says no model."]],
  "src/files/json/scan.ts": [["at < text.length", "at <= text.length", BEHIND]],
  "src/files/json-codec.ts": [["!(error instanceof JsonTextError)", "false", BUG]],
  "src/files/json/walk.ts": [
    ["walk.depth > MAX_DEPTH || !walkToken(walk, open)", "true", GIVES_UP],
    ["walk.depth > MAX_DEPTH || !walkToken(walk, open)", "walk.depth > MAX_DEPTH && !walkToken(walk, open)", GIVES_UP],
    ["walk.depth > MAX_DEPTH", "walk.depth >= MAX_DEPTH", GIVES_UP],
    ["walk.depth > MAX_DEPTH", "walk.depth <= MAX_DEPTH", GIVES_UP],
    ["!walkToken(walk, open)", "walkToken(walk, open)", GIVES_UP],
    ["walk.b.slice(walk.atB, endB)", "walk.b", FASTER],
    ["walk.b.charCodeAt(walk.atB) !== token", "walk.b.charCodeAt(walk.atB) === token", FASTER],
    ["other !== code", "true", FASTER],
    ["!isWordStart(code) && canonicalNumber(sourceA) === canonicalNumber(sourceB)", "false", FASTER],
    ["!isWordStart(code)", "isWordStart(code)", FASTER],
    ["code >= 0x30", "code > 0x30", FASTER],
  ],
  "src/files/python/python-text.ts": [
    ["code >= 0x85", "true", FASTER],
    ["start < end", "true", BEHIND],
    ["start < end", "start <= end", BEHIND],
    ["end > start", "true", "Of white space alone nothing is left, wherever its end is."],
    ["end > start", "end >= start", "Of white space alone nothing is left, wherever its end is."],
  ],
  "src/files/complete-patch.ts": [
    ["/[^\\n]*\\n|[^\\n]+$/g", "/[^\\n]*\\n|[^\\n]+/g", "What no line feed ends reaches to the end of the text."],
    ['""', '"Stryker was here!"', "Of what is compared only the hunks are taken, and none of a file that is new."],
  ],
  "src/files/text/put.ts": [
    ["before?.name === name && recordMeans(record, before, schema) && isNamed(record, name)", "false", FASTER],
  ],
  "src/files/text/same-field.ts": [
    ["isString(a) || isString(b)", "false", FASTER],
    ["isString(a) || isString(b)", "isString(a) && isString(b)", FASTER],
    ["isString(a) && isString(b)", "isString(a) || isString(b)", "No string is equal to what is none."],
    ["isString(a) && isString(b)", "true", "No string is equal to what is none."],
    ["{ return text.charCodeAt(0) === QUOTE; }", "{}", FASTER],
    ["text.charCodeAt(0) === QUOTE", "false", FASTER],
  ],
  "src/files/text/script/table.ts": [
    ["[]", '["Stryker was here"]', THERE],
    ["header === undefined", "false", THERE],
  ],
  "src/sync/attempt.ts": [
    ["pull === null", "false", "Labels are unsure only of a pull request that is there."],
    ['{ why: "" }', "{}", "There is always one try, and one that is lost says why."],
    ['""', '"Stryker was here!"', "There is always one try, and one that is lost says why."],
  ],
  "src/sync/decoration.ts": [["ornaments.length === 0", "false", "Of no ornaments none is asked for."]],
  "src/sync/closing.ts": [
    ['""', '"Stryker was here!"', "GitHub tells of every closed pull request when it was closed."],
    ["marker?.source", "marker.source", "What is withdrawn has a marker."],
  ],
  "src/files/text/csv-edit.ts": [
    ["rows[0]?.cells", "rows[0].cells", THERE],
    ["header === undefined", "false", "Without a first row there is no last one."],
  ],
  "src/files/text/place-rows.ts": [
    ['""', '"Stryker was here!"', "No model of PRIMARY is looked for under the name of a row that says none."],
  ],
  "src/files/text/primary/entries.ts": [["printed", "false", FASTER]],
  "src/files/text/primary/ownership.ts": [
    ["!seen.has(model)", "true", "Of a model that is listed twice the last place counts, and that is the same."],
    ["owner === undefined", "false", FASTER],
    ["owner === undefined", "owner !== undefined", FASTER],
    ["owner !== model.name", "true", FASTER],
    ["shared.size === 0", "false", FASTER],
    ["[]", '["Stryker was here"]', "What claims no key is looked for under none."],
  ],
  "src/files/text/primary/write-size.ts": [
    [
      "Math.min(digits.length, MOST_DIGITS)",
      "Math.max(digits.length, MOST_DIGITS)",
      "More digits never tell a double from its neighbours.",
    ],
    ["Number(power) > MOST_ZEROS", "Number(power) >= MOST_ZEROS", FASTER],
    ["Number(power) > MOST_ZEROS", "false", FASTER],
  ],
  "src/files/text/script/db-json.ts": [
    ["known !== undefined", "false", FASTER],
    ["made.set(key, value);", ";", FASTER],
  ],
  "src/sync/glimpse.ts": [['""', '"Stryker was here!"', "Neither is one of GitHub's words."]],
  "src/sync/ownership.ts": [["merged?.get", "merged.get", THERE]],
  "src/sync/judge-category.ts": [
    ["(path) => branch.get(path)?.sha === base.get(path)?.sha", "() => undefined", FASTER],
    ["branch.get(path)?.sha === base.get(path)?.sha", "false", FASTER],
    ["base.get(path)?.sha", "base.get(path).sha", "Nothing can go of a file that the base has not."],
  ],
  "src/sync/tell.ts": [
    ["[]", '["Stryker was here"]', "What is no change is told nowhere."],
    ['standing.kind === "drift"', "true", "Nothing else overrides anything."],
  ],
  "src/files/json/native-pairs.ts": [
    ["value.length >= 2 * MAX_DEPTH", "true", FASTER],
    ["value.length >= 2 * MAX_DEPTH", "value.length > 2 * MAX_DEPTH", FASTER],
    ["2 * MAX_DEPTH", "2 / MAX_DEPTH", FASTER],
    [
      'value.split("{").length + value.split("[").length > MAX_DEPTH',
      'value.split("{").length + value.split("[").length >= MAX_DEPTH',
      FASTER,
    ],
  ],
  "src/files/text/primary/unsayable.ts": [["known += 1", "known -= 1", FASTER]],
  "src/files/text/primary/write-model.ts": [
    ["slot.column === null", "false", "What is written to no column is written nowhere."],
    ['""', '"Stryker was here!"', "A row to write has a cell for every column."],
  ],
  "src/sync/reads.ts": [["[]", '["Stryker was here"]', "What is no read has ended."]],
  "src/sync/remember.ts": [["headSha === null", "false", "A pull request that was made or is current has a branch."]],
  "src/sync/view.ts": [
    ["closings === undefined", "false", "What is undefined is not stored."],
    ['standing.kind === "held"', "true", "Only what is held is unexpected."],
    ["[]", '["Stryker was here"]', "What is missing is asked of an open pull request only."],
  ],
  "src/sync/desire.ts": [
    ["known?.stamp", "known.stamp", "What is not read ahead is read when it is used."],
    ["base === null", "false", "What is not read ahead is read when it is used."],
  ],
  "src/files/text/csv.ts": [
    ["seek.quote(start) >= end", "false", FASTER],
    ["seek.quote(start) >= end", "seek.quote(start) > end", FASTER],
    [`'"'`, '""', FASTER],
    ["found >= from", "false", FASTER],
    ["found >= from", "found > from", FASTER],
  ],
  "src/files/checks/text-form.ts": [
    ["newline >= 0", "newline > 0", "Before the first character stands no carriage return."],
  ],
  "src/files/text/gone-rows.ts": [['""', '"Stryker was here!"', THERE]],
};

export const EXPLAINED: readonly Explained[] = Object.entries(BY_PATH).flatMap(([path, entries]) =>
  entries.map(([original, replacement, why]) => ({ path, original, replacement, why })),
);
