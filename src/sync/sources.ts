/**
 * Small files that are only read, such as defaults.json. Their texts are remembered by blob SHA, because a change of one
 * model should not cost a request for each of them. Does I/O through a port.
 */
import type { Category } from "../categories.ts";
import { blobShaOfText } from "../files/blob.ts";
import type { Tree } from "../files/git-tree.ts";

/** `{blob SHA: text}` */
export type SourceTexts = Readonly<Record<string, string>>;

/** What is remembered is parsed by every run, so it stays small. */
const MAX_BYTES = 4096;

export interface Sources {
  /** A blob from memory, or else from GitHub. */
  blob(sha: string): Promise<Uint8Array>;
  /** Those that the categories read and that were met, for the next run. */
  texts(files: Tree): SourceTexts;
}

export function createSources(options: {
  readonly categories: readonly Category[];
  readonly known: SourceTexts;
  readonly readBlob: (sha: string) => Promise<Uint8Array>;
}): Sources {
  const { categories, known, readBlob } = options;
  const small = new Map<string, Uint8Array>();
  return {
    async blob(sha) {
      if (Object.hasOwn(known, sha)) return new TextEncoder().encode(known[sha]);
      const bytes = await readBlob(sha);
      if (bytes.byteLength <= MAX_BYTES) small.set(sha, bytes);
      return bytes;
    },

    texts(files) {
      const shas = categories.flatMap(({ codec }) => codec.reads.flatMap((path) => files.get(path)?.sha ?? []));
      return Object.fromEntries(
        shas.flatMap((sha) => {
          const text = known[sha] ?? new TextDecoder("utf-8", { ignoreBOM: true }).decode(small.get(sha));
          return blobShaOfText(text) === sha ? [[sha, text]] : [];
        }),
      );
    },
  };
}
