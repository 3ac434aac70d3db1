/**
 * What a legacy file format must be able to do. Pure: texts in, texts out, no I/O.
 *
 * A codec joins PRIMARY's answer for one category to the text of the file or files that hold the category in the
 * legacy repository (DESIGN.md section 6).
 */

/** One field of a record that differs. Values are JSON texts as spelled in their source; `null` means absent. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One record that differs in meaning. `value` and `before` are JSON texts of whole records. */
export type RecordChange =
  | { readonly kind: "added"; readonly name: string; readonly value: string }
  | { readonly kind: "removed"; readonly name: string; readonly before: string }
  | {
      readonly kind: "modified";
      readonly name: string;
      readonly value: string;
      readonly fields: readonly FieldChange[];
    };

export interface CodecInput {
  /** PRIMARY's answer: the text of a JSON object whose values are all objects. */
  readonly primary: string;
  /**
   * The current text of every path in `writes` and `reads`; `null` when the file does not exist. A derived file that
   * exists may be left out when `shas` has it.
   */
  readonly files: ReadonlyMap<string, string | null>;
  /** Blob SHAs of the files that exist. */
  readonly shas?: FileShas;
}

/** Blob SHAs by path. */
export type FileShas = ReadonlyMap<string, string>;

export interface CodecResult {
  /** Drift in meaning, told per record. */
  readonly changes: readonly RecordChange[];
  /** The wanted text of every file whose text must change. Empty means that the category is in sync. */
  readonly files: ReadonlyMap<string, string>;
  /** How many records the legacy files hold now, for the removal guard. */
  readonly currentRecords: number;
  /** Things a reviewer should know that are not drift. Plain text; may quote names from PRIMARY. */
  readonly warnings: readonly string[];
  /** Derived files that are not what they should be, so that their texts have to be read: all else says nothing then. */
  readonly needs?: readonly string[];
}

export interface Codec {
  /** Paths that hold the category, relative to the repository's root. The first one is the source of truth. */
  readonly writes: readonly string[];
  /** Paths that are only read, to interpret the others. */
  readonly reads: readonly string[];
  /** Those of `writes` that a tool makes of the others, so that their hash nearly always tells their text. */
  readonly derived: readonly string[];
  /**
   * Compare PRIMARY with the files, and edit the files' texts so that they mean what PRIMARY says.
   *
   * Law: feeding `files` of the result back in gives no changes and no files.
   * @throws SyncError `legacy-malformed` when a current file cannot be read as its format, `primary-malformed` when
   *   PRIMARY's text is not an object of records
   */
  apply(input: CodecInput): CodecResult;
}
