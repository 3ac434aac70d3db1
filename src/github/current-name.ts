/**
 * What a repository is called now. Repositories are renamed and transferred; GitHub answers to the old name for a
 * while, and what is looked up by an owner's name must not use it.
 */

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

export interface CurrentName {
  (): RepositoryName;
  /** From now on it has this name. */
  follow(name: RepositoryName): void;
}

export function createCurrentName(name: RepositoryName): CurrentName {
  let current = name;
  const read = () => current;
  return Object.assign(read, {
    follow(found: RepositoryName) {
      current = found;
    },
  });
}

/** `haidra/image` */
export function describeName(name: CurrentName): string {
  const { owner, repo } = name();
  return `${owner}/${repo}`;
}
