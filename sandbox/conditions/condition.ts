import type { GitHubServer } from "../github/server.ts";

/** A way in which GitHub can be unkind, by name: for the page, for the command line, and for tables of tests. */
export interface Condition {
  readonly name: string;
  /** What it is called on a button. */
  readonly title: string;
  /** Makes it so, and gives a function that takes it back. */
  readonly begin: (github: GitHubServer, repository: string) => () => void;
}
