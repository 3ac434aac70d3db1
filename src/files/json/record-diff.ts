import { findRenames, type Sayings } from "../renames.ts";
import { canonicalNode } from "./canonical.ts";
import { indexMembers, type Member } from "./members.ts";
import { pairNatively } from "./native-pairs.ts";
import { type PairedMembers, pairMembers } from "./pair-members.ts";
import type { RecordRules } from "./record-rules.ts";
import { requireModestRecords, requireRoom } from "./record-size.ts";
import { sameSpan } from "./same-meaning.ts";
import { type JsonNode, parseNode } from "./tree.ts";

/** Two texts of a category, the old and the new one, and which of their records differ in meaning. */
export interface RecordDiff {
  /** All members of the old text's object, with duplicates. */
  readonly current: readonly Member[];
  /** Those of them that count, by name: of duplicates the last. */
  readonly counting: ReadonlyMap<string, Member>;
  /** The records of the new text; of duplicates the last, at the place of the first. */
  readonly wanted: ReadonlyMap<string, Member>;
  /** Names of new records, without the renamed ones. */
  readonly added: ReadonlySet<string>;
  readonly modified: ReadonlySet<string>;
  /** New names with the old ones of the records that go on under them. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Names of old records that are gone, without the renamed ones, in their order. */
  readonly removed: readonly string[];
  /** Whether the old text is known to be laid out as `json.dumps(…, indent=4)` does. */
  readonly isPrinted: boolean;
}

/**
 * Compares two texts of `{record name: record}` by meaning.
 * @throws JsonTextError when one of them is not exactly one JSON object
 * @throws RecordTooLargeError
 */
export function diffRecords(before: string, after: string, rules: RecordRules): RecordDiff {
  const paired = pairNatively(before, after, rules) ?? pairMembers(before, after);
  requireModestRecords("before", paired.a);
  requireModestRecords("after", paired.b);
  const wanted = indexMembers(paired.b);
  const counting = indexMembers(paired.a);
  const isSame = sameRecords({ before, after, paired, rules });
  const come = new Set<string>();
  const modified = new Set<string>();
  for (const [name, member] of wanted) {
    const current = counting.get(name);
    if (!current) come.add(name);
    else if (!isSame(current, member)) modified.add(name);
  }
  requireRoom(textsOf(wanted, [...come, ...modified]));
  const gone = [...counting.keys()].filter((name) => !wanted.has(name));
  const renamed = come.size === 0 || gone.length === 0 ? NONE : renamesOf({ counting, wanted, gone, come, rules });
  for (const name of renamed.keys()) come.delete(name);
  const continued = new Set(renamed.values());
  const removed = gone.filter((name) => !continued.has(name));
  const { isPrinted } = paired;
  return { current: paired.a, counting, wanted, added: come, modified, renamed, removed, isPrinted };
}

/** Whether the texts mean the same. */
export function isUnchanged({ added, modified, renamed, removed }: RecordDiff): boolean {
  return added.size + modified.size + renamed.size + removed.length === 0;
}

function* textsOf(members: ReadonlyMap<string, Member>, names: Iterable<string>): Generator<string> {
  for (const name of names) yield members.get(name)?.value ?? "";
}

const NONE: ReadonlyMap<string, string> = new Map();

function sameRecords(input: {
  readonly before: string;
  readonly after: string;
  readonly paired: PairedMembers;
  readonly rules: RecordRules;
}): (current: Member, wanted: Member) => boolean {
  const { before, after, paired, rules } = input;
  return (current, wanted) => {
    if (paired.same.get(current) === wanted) return true;
    if (paired.isComplete) return false;
    const a = { text: before, start: current.valueStart, end: current.end };
    const b = { text: after, start: wanted.valueStart, end: wanted.end };
    return sameSpan(a, b, rules.form);
  };
}

function renamesOf(input: {
  readonly counting: ReadonlyMap<string, Member>;
  readonly wanted: ReadonlyMap<string, Member>;
  readonly gone: readonly string[];
  readonly come: ReadonlySet<string>;
  readonly rules: RecordRules;
}): Map<string, string> {
  const { counting, wanted, gone, come, rules } = input;
  const read = (members: ReadonlyMap<string, Member>, names: Iterable<string>): Sayings[] =>
    [...names].map((name) => {
      const record = rules.form(parseNode(members.get(name)?.value ?? "null"));
      return { name, says: new Set(sayingsOf(record, "")) };
    });
  return findRenames(read(counting, gone), read(wanted, come));
}

/** `config/files/path="a.ckpt"` for every value in a record. Its name is no saying of its own. */
function* sayingsOf(node: JsonNode, place: string): Generator<string> {
  if (node.kind === "object") {
    for (const { name, value } of indexMembers(node.members).values()) {
      if (place !== "" || name !== "name") yield* sayingsOf(value, `${place}/${name.replaceAll("=", "-")}`);
    }
  } else if (node.kind === "array") {
    for (const item of node.items) yield* sayingsOf(item, place);
  } else if (place !== "") {
    yield `${place}=${canonicalNode(node)}`;
  }
}
