/**
 * What a legacy file format must be able to do. Pure: texts in, texts out, no I/O.
 *
 * A codec joins PRIMARY's answer for one category to the text of the file or files that hold the category in the
 * legacy repository.
 */

/**
 * One field of a record that differs; `null` means absent.
 *
 * Values are JSON texts on one line: numbers as spelled in their source, everything else in one spelling, so that
 * two values which differ only in white space or escapes have one text.
 */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * One record that differs in meaning. `before` is the whole record as the files hold it, `value` as they will hold it:
 * JSON texts on one line, spelled as the values of `FieldChange`.
 */
export type RecordChange =
  | { readonly kind: "added"; readonly name: string; readonly value: string }
  | { readonly kind: "removed"; readonly name: string; readonly before: string }
  | {
      readonly kind: "modified";
      readonly name: string;
      readonly before: string;
      readonly value: string;
      readonly fields: readonly FieldChange[];
    }
  /** One record that went and one that came, nearly equal. It is one change. Its `name` is the new one. */
  | {
      readonly kind: "renamed";
      readonly from: string;
      readonly name: string;
      readonly before: string;
      readonly value: string;
      /** What else differs: without the field `name`, where that only follows the record's own. */
      readonly fields: readonly FieldChange[];
    };

/** Texts by path; `null` when the file does not exist. */
export type FileTexts = ReadonlyMap<string, string | null>;

export interface CodecInput {
  /** PRIMARY's answer: the text of a JSON object whose values are all objects. */
  readonly primary: string;
  /** The current text of every path in `writes` and `reads`. A derived file that exists may be left out when `shas` has it. */
  readonly files: FileTexts;
  /** Blob SHAs of the files that exist. */
  readonly shas?: FileShas;
}

/** Blob SHAs by path. */
export type FileShas = ReadonlyMap<string, string>;

export interface CodecResult {
  /** Drift in meaning, told per record: in the order of the edited file, then removed ones in that of the current one. */
  readonly changes: readonly RecordChange[];
  /** The wanted text of every file whose text must change. Empty means that the category is in sync. */
  readonly files: ReadonlyMap<string, string>;
  /** How many records the legacy files hold now, for the removal guard. */
  readonly currentRecords: number;
  /**
   * Things a reviewer should know that are not drift, what the repository's own check will refuse among them. Plain
   * text, one sentence each, capped in number; may quote names from PRIMARY.
   */
  readonly warnings: readonly string[];
  /** Derived files that are not what they should be, so that their texts have to be read: all else says nothing then. */
  readonly needs?: readonly string[];
}

export interface DiffInput {
  /** Two states of the files in `writes` and `reads`. A derived file may be left out: then nothing is said of it. */
  readonly before: FileTexts;
  readonly after: FileTexts;
}

export interface CodecDiff {
  /** As of `CodecResult`, with `after` for the edited files. */
  readonly changes: readonly RecordChange[];
  /** What a reviewer should know of `after` as it stands, what the repository's own check will refuse among it. */
  readonly warnings: readonly string[];
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
  /**
   * How two states of the files differ, record by record, without PRIMARY.
   *
   * Law: with `r = apply({ primary, files })`, the changes from `files` to `files` with `r.files` are `r.changes`.
   * @throws SyncError `legacy-malformed`, naming the file, when one side cannot be read as its format
   */
  diff(input: DiffInput): CodecDiff;
}
