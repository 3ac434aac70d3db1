import { SyncError } from "../../core/errors.ts";
import type { RecordChange } from "../codec.ts";
import { requireRoom } from "../json/record-size.ts";
import { editCsv } from "./csv-edit.ts";
import { partGone } from "./gone-rows.ts";
import { groupBy } from "./group-by.ts";
import { diffModels } from "./model-diff.ts";
import { type PlacedRow, placeRows, type WrittenRow } from "./place-rows.ts";
import {
  isNamed,
  type PrimaryEntries,
  type PrimaryModel,
  type PrimaryRecord,
  primaryModels,
  readRecord,
  recordMeans,
} from "./primary/entries.ts";
import { findOwners, type MovedOwner } from "./primary/ownership.ts";
import { isSayable } from "./primary/sayable.ts";
import { note, noteUnsayable, type UnsayableLog } from "./primary/unsayable.ts";
import { writeModel } from "./primary/write-model.ts";
import { findRowRenames } from "./rename-rows.ts";
import { sameField } from "./same-field.ts";
import { type Model, readModel } from "./script/model.ts";
import { issuesOfCells, type ModelRow, type ModelTable, stateOf } from "./script/table.ts";

export interface PutResult {
  /** The new text of models.csv; the old one, byte for byte, when nothing has to change. */
  readonly csv: string;
  /** Its rows, in their order. */
  readonly rows: readonly PlacedRow[];
  /** What they mean. */
  readonly models: readonly Model[];
  /** Told per model, as `diffModels` tells them. */
  readonly changes: readonly RecordChange[];
  /** PRIMARY's models. */
  readonly wanted: readonly PrimaryModel[];
  /** What models.csv cannot hold of PRIMARY's records. */
  readonly unsayable: UnsayableLog;
  /** Rows that stay, although PRIMARY has no such model: it cannot have it. */
  readonly kept: readonly ModelRow[];
  /** Models whose row had to go to the end for the sake of an entry that several have. */
  readonly moved: readonly MovedOwner[];
}

/**
 * Edit models.csv, as little as possible, so that it means what PRIMARY says.
 *
 * A model keeps its last row that the script takes, and the bytes of every cell that means the right thing; one that
 * has only rows at which the script stops gets the last of them mended, and counts as added. A model that PRIMARY lacks
 * loses all its rows, unless PRIMARY cannot hold what they say; rows at which the script stops and that PRIMARY does not
 * name stay. A new model stands behind its PRIMARY predecessor; one that only has a new name keeps its row. What no cell
 * can say is noted, and is no change.
 * @throws JsonTextError when an entry of PRIMARY is not an object
 * @throws RecordTooLargeError when the new ones are too many
 */
export function putModels(table: ModelTable, primary: PrimaryEntries): PutResult {
  const { schema } = table;
  const wanted = primaryModels(primary);
  const sayable = wanted.filter(({ name }) => isSayable(name));
  const unsayable: UnsayableLog = new Map();
  for (const { name } of wanted) if (!isSayable(name)) note(unsayable, "a name that is not Unicode text", name);

  const rowsByName = groupBy(table.rows, ({ cells }) => cells[schema.nameColumn] ?? "");
  const names = new Set(sayable.map(({ name }) => name));
  const gone = table.rows.filter(({ cells }) => !names.has(cells[schema.nameColumn] ?? ""));
  const parted = partGone(gone, schema);
  const come = sayable.filter(({ name }) => !rowsByName.has(name));
  requireRoom(come.map(({ entry }) => entry.value));
  const renamed = findRowRenames({ table, gone: [...parted.removed, ...parted.kept], come });
  const continued = new Set([...renamed.values()].map(({ row }) => row));
  const removed = parted.removed.filter(({ row }) => !continued.has(row));
  const kept = parted.kept.filter(({ row }) => !continued.has(row));

  const written = new Map<string, WrittenRow>();
  for (const { name, entry } of sayable) {
    const held = renamed.get(name) ?? heldRow(rowsByName.get(name));
    if (held?.model?.name === name && held.model === entry.says) continue;
    const row = writeRow({ table, name, record: readRecord(entry), held, unsayable });
    if (row !== null) written.set(name, row);
  }
  const placed = placeRows({
    table,
    names: sayable.map(({ name }) => name),
    written,
    renamed: new Set(renamed.keys()),
    removed: new Set(removed.map(({ row }) => row)),
  });
  const { rows, moved } = settleOwners(placed, table, primary);
  const models = rows.flatMap(({ model }) => model ?? []);
  const csv = editCsv(table.csv, rows, schema.nameColumn + 1);
  return { csv, rows, models, changes: diffModels(stateOf(table), { models, schema }), wanted, unsayable, kept, moved };
}

/** The row that tells what a model is. */
function heldRow(rows: readonly ModelRow[] = []): ModelRow | undefined {
  return rows.findLast(({ model }) => model !== null) ?? rows.at(-1);
}

interface RowToWrite {
  readonly table: ModelTable;
  readonly name: string;
  readonly record: PrimaryRecord;
  readonly held: ModelRow | undefined;
  readonly unsayable: UnsayableLog;
}

/** The row that says what PRIMARY's record says; `null` when the one that is there does. */
function writeRow({ table, name, record, held, unsayable }: RowToWrite): WrittenRow | null {
  const { schema } = table;
  const before = held?.model ?? null;
  if (before?.name === name && recordMeans(record, before, schema) && isNamed(record, name)) return null;

  // The script stops at a NUL, and a mended row is one that it takes.
  const current = (held?.cells ?? []).map((cell) => cell.replaceAll("\0", ""));
  const cells = writeModel({ schema, name, record, current });
  const reading = readModel(cells, schema);
  if (reading.kind === "stop") throw new SyncError("internal", `A row was written for ${name}, but ${reading.reason}.`);
  const { model } = reading;
  noteUnsayable(unsayable, { record, model, schema });
  if (before?.name === name && isSameModel(before, model)) return null;
  return { row: held?.row ?? null, cells, model, issues: issuesOfCells(cells, schema) };
}

function isSameModel(before: Model, after: Model): boolean {
  return after.fields.every((field, index) => sameField(before.fields[index]?.text, field?.text));
}

/** The rows with those at the end whose entries would be another model's else. */
function settleOwners(
  rows: readonly PlacedRow[],
  { schema }: ModelTable,
  primary: PrimaryEntries,
): { rows: readonly PlacedRow[]; moved: readonly MovedOwner[] } {
  const models = rows.flatMap(({ model }) => model ?? []);
  const { last, moved } = findOwners(models, { primary, schema });
  if (last.length === 0) return { rows, moved };
  const places = new Map(last.map((model, index) => [model, index]));
  const isLast = ({ model }: PlacedRow) => model !== null && places.has(model);
  const placeOf = ({ model }: PlacedRow) => (model === null ? 0 : (places.get(model) ?? 0));
  const behind = rows.filter(isLast).sort((a, b) => placeOf(a) - placeOf(b));
  return { rows: [...rows.filter((row) => !isLast(row)), ...behind], moved };
}
