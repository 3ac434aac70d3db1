import { quoteRaw } from "../../files/json/strings.ts";

/** Something about one record that a person should look at. */
export interface ReferenceIssue {
  /** The record's name in the file; `line 12` for a row of models.csv that has none. */
  readonly name: string;
  /** A sentence: `config.download[0] names no file of config.files`. */
  readonly reason: string;
  /** Whether the record is left out because of it. */
  readonly isLeftOut: boolean;
}

/** A category in the v2 format. */
export interface ReferenceDocument {
  /**
   * JSON text of every record by name, in the order of the file: one line as Python's
   * `json.dumps(record, ensure_ascii=False, separators=(",", ":"))` writes it.
   */
  readonly records: ReadonlyMap<string, string>;
  readonly issues: readonly ReferenceIssue[];
}

/** The document as one line of JSON: `{"name":{…},…}`, `{}` when it is empty. */
export function printDocument({ records }: ReferenceDocument): string {
  return `{${Array.from(records, ([name, record]) => `${quoteRaw(name)}:${record}`).join(",")}}`;
}
