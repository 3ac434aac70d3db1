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

export const EXPLAINED: readonly Explained[] = [];
