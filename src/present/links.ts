/**
 * Addresses of what is on GitHub, for people. Pure.
 */

/** Makes addresses of one GitHub; each is `null` where it is not known where that is. */
export interface Links {
  /** @param repository `owner/name` */
  repository(repository: string): string | null;
  branch(repository: string, branch: string): string | null;
  commit(repository: string, sha: string): string | null;
  file(repository: string, branch: string, path: string): string | null;
}

/** @param webUrl such as `https://github.com`, without a trailing slash; `null`: nothing is linked */
export function createLinks(webUrl: string | null): Links {
  const to = (repository: string, ...rest: readonly string[]) =>
    webUrl === null ? null : [webUrl, ...[repository, ...rest].map(encodePath)].join("/");
  return {
    repository: (repository) => to(repository),
    branch: (repository, branch) => to(repository, "tree", branch),
    commit: (repository, sha) => to(repository, "commit", sha),
    file: (repository, branch, path) => to(repository, "blob", branch, path),
  };
}

/** A branch and a path may have slashes, and those stay. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
