import { type Commit, encodeCommit, type Signature } from "../git/commit.ts";
import { DIRECTORY, SUBMODULE, type TreeEntry } from "../git/tree.ts";
import { ApiError } from "./errors.ts";
import type { Account, GitHubState, RepositoryState } from "./state.ts";

/** The JSON shapes of GitHub's answers, as far as they are filled here. */

export interface ViewContext {
  readonly state: GitHubState;
  readonly repository: RepositoryState;
}

export function apiUrl({ state, repository }: ViewContext): string {
  return `${state.url}/repos/${repository.fullName}`;
}

export function webUrl({ state, repository }: ViewContext): string {
  return `${state.url}/${repository.fullName}`;
}

export function userView(state: GitHubState, login: string, type: "User" | "Bot" = "User"): object {
  return { login, id: idOf(login), type, url: `${state.url}/users/${login}`, html_url: `${state.url}/${login}` };
}

export function accountView(state: GitHubState, account: Account): object;
export function accountView(state: GitHubState, account: Account | null): object | null;
export function accountView(state: GitHubState, account: Account | null): object | null {
  return account === null ? null : userView(state, account.login, account.type);
}

export function repositoryView(context: ViewContext): object {
  const { repository, state } = context;
  return {
    id: repository.id,
    node_id: nodeId("R", repository.fullName),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.isPrivate,
    owner: userView(state, repository.owner),
    html_url: webUrl(context),
    url: apiUrl(context),
    clone_url: `${webUrl(context)}.git`,
    default_branch: repository.defaultBranch,
    archived: repository.isArchived,
    fork: repository.parent !== null,
  };
}

/** A commit as the git data API shows it: https://docs.github.com/en/rest/git/commits */
export function gitCommitView(context: ViewContext, sha: string): object {
  const commit = commitOf(context, sha);
  return {
    sha,
    node_id: nodeId("C", sha),
    url: `${apiUrl(context)}/git/commits/${sha}`,
    ...commitFields(context, commit),
  };
}

/** A commit as the commits API shows it: https://docs.github.com/en/rest/commits/commits */
export function commitView(context: ViewContext, sha: string): object {
  const commit = commitOf(context, sha);
  const { parents, ...fields } = commitFields(context, commit);
  return {
    sha,
    node_id: nodeId("C", sha),
    url: `${apiUrl(context)}/commits/${sha}`,
    html_url: `${webUrl(context)}/commit/${sha}`,
    commit: fields,
    author: accountOf(context.state, commit.author),
    committer: accountOf(context.state, commit.committer),
    parents,
  };
}

export function refView(context: ViewContext, ref: string, sha: string): object {
  return {
    ref,
    node_id: nodeId("REF", ref),
    url: `${apiUrl(context)}/git/${ref}`,
    object: { sha, type: "commit", url: `${apiUrl(context)}/git/commits/${sha}` },
  };
}

export function treeEntryView(context: ViewContext, entry: TreeEntry): object {
  const type = entryType(entry);
  const size = type === "blob" ? context.repository.git.objects.read(entry.sha)?.data.length : undefined;
  return {
    path: entry.name,
    mode: entry.mode.padStart(6, "0"),
    type,
    sha: entry.sha,
    ...(size === undefined ? {} : { size }),
    ...(type === "commit" ? {} : { url: `${apiUrl(context)}/git/${type}s/${entry.sha}` }),
  };
}

export function entryType(entry: TreeEntry): "tree" | "blob" | "commit" {
  if (entry.mode === DIRECTORY) return "tree";
  return entry.mode === SUBMODULE ? "commit" : "blob";
}

export function commitOf({ repository }: ViewContext, sha: string): Commit {
  const commit = repository.git.commit(sha);
  if (commit === null) throw new ApiError(404, "Not Found");
  return commit;
}

function commitFields(context: ViewContext, commit: Commit) {
  const api = apiUrl(context);
  return {
    message: commit.message,
    author: signatureView(commit.author),
    committer: signatureView(commit.committer),
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/git/commits/${sha}` })),
    verification: verificationView(commit),
  };
}

/** https://docs.github.com/en/rest/git/commits#get-a-commit-object (signature verification object) */
function verificationView(commit: Commit): object {
  if (!commit.isSigned) return { verified: false, reason: "unsigned", signature: null, payload: null };
  const payload = Buffer.from(encodeCommit({ ...commit, isSigned: false })).toString("utf8");
  return { verified: true, reason: "valid", signature: "-----BEGIN PGP SIGNATURE-----", payload };
}

function signatureView(signature: Signature): object {
  return { name: signature.name, email: signature.email, date: isoTime(signature.seconds * 1000) };
}

/** GitHub finds the account by the address; here every no-reply address has one. */
function accountOf(state: GitHubState, signature: Signature): object | null {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(signature.email)?.[1];
  if (login === undefined) return null;
  return userView(state, login, login.endsWith("[bot]") ? "Bot" : "User");
}

export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

export function nodeId(kind: string, text: string): string {
  return `${kind}_${Buffer.from(text).toString("base64url").slice(0, 24)}`;
}

/** A stable number for a name. */
export function idOf(text: string): number {
  return [...text].reduce((hash, unit) => (hash * 31 + (unit.codePointAt(0) ?? 0)) % 1_000_000_007, 7);
}
