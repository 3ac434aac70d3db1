/**
 * Where a category lives: its repository, its source files, and the names under which it is remembered.
 */
import { type CategoryName, REPOSITORY_ROLES, type RepositoryRole } from "../../categories.ts";
import { GITHUB_API_URL } from "../../config/github-api-url.ts";
import type { RepositoryTarget } from "../../config/github-settings.ts";
import type { SourceShas } from "../content/sources.ts";
import type { Converter } from "../convert/converter.ts";
import type { ReplicaOptions } from "../options.ts";
import type { Head } from "./memory.ts";

export interface Place {
  readonly category: CategoryName;
  readonly target: RepositoryTarget;
  readonly paths: readonly string[];
  /** In memory; another GitHub may have a repository of the same name. */
  readonly key: string;
  /** In KV: `haidra/image@main:blip`, and the key for another GitHub than the one that everybody has. */
  readonly storedName: string;
}

export interface Places {
  readonly all: readonly Place[];
  /** In the order of the roles; one, where both are the same. */
  readonly targets: readonly RepositoryTarget[];
  of(category: CategoryName): Place;
}

export function createPlaces({ config, categories }: ReplicaOptions, converter: Converter): Places {
  const all = categories.map(({ name, role }) => {
    const target = config.repositories[role];
    const short = `${repositoryName(target)}@${target.branch}:${name}`;
    const key = `${config.githubApiUrl} ${short}`;
    const storedName = config.githubApiUrl === GITHUB_API_URL ? short : key;
    return { category: name, target, paths: converter.sourcePaths(name), key, storedName };
  });
  const byName = new Map(all.map((place) => [place.category, place]));
  return {
    all,
    targets: listTargets(config.repositories),
    of(category) {
      const place = byName.get(category);
      if (place === undefined) throw new Error(`${category} is not in the table of categories.`);
      return place;
    },
  };
}

/** Other settings never meet what belongs to these. */
export function headKey(target: RepositoryTarget, { config }: Pick<ReplicaOptions, "config">): string {
  return `${config.githubApiUrl} ${repositoryName(target)}@${target.branch}`;
}

export function repositoryName({ owner, name }: RepositoryTarget): string {
  return `${owner}/${name}`;
}

export function isSameTarget(one: RepositoryTarget, other: RepositoryTarget): boolean {
  return repositoryName(one) === repositoryName(other) && one.branch === other.branch;
}

/** What the head says of the category's files. */
export function sourcesOf({ paths }: Place, { files }: Head): SourceShas {
  return Object.fromEntries(paths.map((path) => [path, Object.hasOwn(files, path) ? (files[path] ?? null) : null]));
}

function listTargets(repositories: Readonly<Record<RepositoryRole, RepositoryTarget>>): RepositoryTarget[] {
  const targets = REPOSITORY_ROLES.map((role) => repositories[role]);
  return targets.filter((target, index) => targets.findIndex((other) => isSameTarget(other, target)) === index);
}
