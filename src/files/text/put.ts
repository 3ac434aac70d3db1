import { SyncError } from "../../core/errors.ts";
import type { RecordChange } from "../codec.ts";
import { type ModelRow, type ModelTable, stateOf } from "./convert.ts";
import type { CsvRow } from "./csv.ts";
import { editCsv } from "./csv-edit.ts";
import { groupBy } from "./group-by.ts";
import { isModelName, type Model, readModel } from "./model.ts";
import { diffModels } from "./model-diff.ts";
import { type MovedOwner, misplacedOwners } from "./ownership.ts";
import { isNamed, type PrimaryEntries, primaryModels, readRecord, recordMeans } from "./primary.ts";
import { sameField } from "./same-field.ts";
import { note, noteUnsayable, type UnsayableLog } from "./unsayable.ts";
import { type ModelToWrite, writeModel } from "./write-model.ts";

export interface PutResult {
  /** The new text of models.csv; the old one, byte for byte, when nothing has to change. */
  readonly csv: string;
  /** What its rows mean, in their order. */
  readonly models: readonly Model[];
  /** Told per model, as `diffModels` tells them. */
  readonly changes: readonly RecordChange[];
  /** Rows that say something else now, or are gone. */
  readonly touched: ReadonlySet<CsvRow>;
  /** What models.csv cannot hold of PRIMARY's records. */
  readonly unsayable: UnsayableLog;
  /** Models whose row had to go to the end for the sake of a shared short name. */
  readonly moved: readonly MovedOwner[];
}

/**
 * Edit models.csv, as little as possible, so that it means what PRIMARY says.
 *
 * A model keeps its last well-formed row and the bytes of every cell that means the right thing; one that has only
 * malformed rows gets the last of them mended, and counts as added. A model that PRIMARY lacks loses all its rows;
 * rows that give no model and that PRIMARY does not name stay. New models go to the end in PRIMARY's order. What no
 * cell can say is noted, and is no change.
 * @throws JsonTextError when an entry of PRIMARY is not an object
 */
export function putModels(table: ModelTable, primary: PrimaryEntries): PutResult {
  const draft: Draft = { table, changed: new Map(), removed: new Set(), added: [], unsayable: new Map() };
  const rowsByName = groupBy(table.rows, ({ cells }) => cells[table.schema.nameColumn] ?? "");
  const models = primaryModels(primary);
  for (const { name, entry } of models) {
    if (isModelName(name)) draftModel(draft, { name, record: readRecord(entry), rows: rowsByName.get(name) ?? [] });
    else note(draft.unsayable, "a name that is empty, a URL or not Unicode", name);
  }
  removeOthers(draft, rowsByName, new Set(models.map(({ name }) => name)));
  return finish(draft, primary);
}

/** What is decided so far. */
interface Draft {
  readonly table: ModelTable;
  readonly changed: Map<CsvRow, Written>;
  readonly removed: Set<CsvRow>;
  readonly added: Written[];
  readonly unsayable: UnsayableLog;
}

/** New cells and what they mean. */
interface Written {
  readonly cells: readonly string[];
  readonly model: Model;
}

type ModelToDraft = Omit<ModelToWrite, "schema" | "current"> & { readonly rows: readonly ModelRow[] };

function draftModel(draft: Draft, { name, record, rows }: ModelToDraft): void {
  const { schema } = draft.table;
  const held = rows.findLast(({ model }) => model !== null) ?? rows.at(-1);
  const before = held?.model ?? null;
  if (before !== null && recordMeans(record, before, schema) && isNamed(record, name)) return;

  const cells = writeModel({ schema, name, record, current: held?.cells ?? [] });
  const reading = readModel(cells, schema);
  if (reading.kind === "issue")
    throw new SyncError("internal", `A row was written for ${name}, but ${reading.reason}.`);
  const { model } = reading;
  noteUnsayable(draft.unsayable, { record, model, schema });
  if (before !== null && isSameModel(before, model)) return;
  if (held === undefined) draft.added.push({ cells, model });
  else draft.changed.set(held.row, { cells, model });
}

function isSameModel(before: Model, after: Model): boolean {
  return after.fields.every((field, index) => sameField(before.fields[index]?.text, field?.text));
}

function removeOthers(
  { removed }: Draft,
  rowsByName: ReadonlyMap<string, readonly ModelRow[]>,
  names: ReadonlySet<string>,
): void {
  for (const [name, rows] of rowsByName) {
    const model = rows.findLast((row) => row.model !== null)?.model ?? null;
    if (names.has(name) || model === null) continue;
    for (const { row } of rows) removed.add(row);
  }
}

/** A row of the new file. */
interface PlacedRow {
  /** Where it stands now; `null` for a new one. */
  readonly row: CsvRow | null;
  readonly cells: readonly string[];
  /** `null` for a malformed row. */
  readonly model: Model | null;
}

function finish({ table, changed, removed, added, unsayable }: Draft, primary: PrimaryEntries): PutResult {
  const kept = table.rows.filter(({ row }) => !removed.has(row)).map((row) => ({ ...row, ...changed.get(row.row) }));
  const placed: PlacedRow[] = [...kept, ...added.map((written) => ({ row: null, ...written }))];
  const moved = misplacedOwners(
    placed.flatMap(({ model }) => model ?? []),
    { primary, schema: table.schema },
  );
  const isMoved = ({ model }: PlacedRow) => moved.some((owner) => owner.model === model);
  const order = moved.length === 0 ? placed : [...placed.filter((row) => !isMoved(row)), ...placed.filter(isMoved)];
  const movedRows = order.filter(isMoved).flatMap(({ row }) => row ?? []);
  const csv = editCsv(table.csv, {
    changed: new Map([...changed].map(([row, { cells }]) => [row, cells])),
    removed: new Set([...removed, ...movedRows]),
    appended: order.filter((row) => row.row === null || isMoved(row)).map(({ row, cells }) => row ?? cells),
  });
  const models = order.flatMap(({ model }) => model ?? []);
  const changes = diffModels(stateOf(table), { models, schema: table.schema });
  return { csv, models, changes, touched: new Set([...changed.keys(), ...removed]), unsayable, moved };
}
