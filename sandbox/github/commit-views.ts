import { type Commit, encodeCommit, type Signature } from "../git/commit.ts";
import { DIRECTORY, SUBMODULE, type TreeEntry } from "../git/tree.ts";
import type { PathChange } from "../git/tree-edit.ts";
import { ApiError } from "./errors.ts";
import { lineCounts } from "./line-counts.ts";
import type { GitHubState } from "./state.ts";
import { userView } from "./user-views.ts";
import { apiUrl, isoTime, nodeId, type ViewContext, webUrl } from "./views.ts";

/** A commit as the git data API shows it: https://docs.github.com/en/rest/git/commits */
export function gitCommitView(context: ViewContext, sha: string): object {
  const commit = commitOf(context, sha);
  const page = (name: string) => `${webUrl(context)}/commit/${name}`;
  return {
    sha,
    node_id: nodeId("C", sha),
    url: `${apiUrl(context)}/git/commits/${sha}`,
    html_url: page(sha),
    ...commitFields(context, commit),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${apiUrl(context)}/git/commits/${parent}`,
      html_url: page(parent),
    })),
  };
}

/** A commit as the commits API shows it: https://docs.github.com/en/rest/commits/commits */
export function commitView(context: ViewContext, sha: string): object {
  const commit = commitOf(context, sha);
  const url = (name: string) => `${apiUrl(context)}/commits/${name}`;
  const page = (name: string) => `${webUrl(context)}/commit/${name}`;
  return {
    sha,
    node_id: nodeId("C", sha),
    url: url(sha),
    html_url: page(sha),
    comments_url: `${url(sha)}/comments`,
    commit: {
      ...commitFields(context, commit),
      url: `${apiUrl(context)}/git/commits/${sha}`,
      comment_count: 0,
    },
    author: accountOf(context.state, commit.author),
    committer: accountOf(context.state, commit.committer),
    parents: commit.parents.map((parent) => ({ sha: parent, url: url(parent), html_url: page(parent) })),
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

function entryType(entry: TreeEntry): "tree" | "blob" | "commit" {
  if (entry.mode === DIRECTORY) return "tree";
  return entry.mode === SUBMODULE ? "commit" : "blob";
}

/** A changed file, without its patch. */
export function fileView(context: ViewContext, head: string, change: PathChange): object {
  const { path, before, after } = change;
  const status = before === null ? "added" : after === null ? "removed" : "modified";
  const { additions, deletions } = lineCounts(context.repository.git, change);
  const place = `${head}/${path}`;
  return {
    sha: (after ?? before)?.sha ?? null,
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${webUrl(context)}/blob/${place}`,
    raw_url: `${webUrl(context)}/raw/${place}`,
    contents_url: `${apiUrl(context)}/contents/${path}?ref=${head}`,
  };
}

export function commitOf({ repository }: ViewContext, sha: string): Commit {
  const commit = repository.git.commit(sha);
  if (commit === null) throw new ApiError(404, "Not Found");
  return commit;
}

function commitFields(context: ViewContext, commit: Commit) {
  return {
    message: commit.message,
    author: signatureView(commit.author),
    committer: signatureView(commit.committer),
    tree: { sha: commit.tree, url: `${apiUrl(context)}/git/trees/${commit.tree}` },
    verification: verificationView(commit),
  };
}

/** https://docs.github.com/en/rest/git/commits#get-a-commit-object (signature verification object) */
function verificationView(commit: Commit): object {
  const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  if (!commit.isSigned) return unsigned;
  const payload = Buffer.from(encodeCommit({ ...commit, isSigned: false })).toString("utf8");
  const signature = "-----BEGIN PGP SIGNATURE-----";
  return { verified: true, reason: "valid", signature, payload, verified_at: isoTime(commit.committer.seconds * 1000) };
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
