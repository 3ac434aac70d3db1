/** Blob SHAs of a category's source files by path; `null` for a file that is missing. */
export type SourceShas = Readonly<Record<string, string | null>>;

/** A text that is the same for the same files: `["defaults.json",null,"models.csv","ce01…"]`. */
export function signatureOf(files: SourceShas): string {
  const paths = Object.keys(files).sort();
  return JSON.stringify(paths.flatMap((path) => [path, files[path]]));
}
