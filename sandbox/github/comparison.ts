import { commitsBetween, mergeBase } from "../git/history.ts";
import { diffTrees } from "../git/tree-edit.ts";
import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { commitOf, commitView, fileView } from "./commit-views.ts";
import { ApiError } from "./errors.ts";
import { resolveCommit } from "./revision.ts";
import { pageOf, type RepositoryCall } from "./route.ts";
import { apiUrl, type ViewContext, webUrl } from "./views.ts";

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits */
export function compare(call: RepositoryCall): HttpAnswer {
  const [baseName = "", headName = ""] = (call.params["basehead"] ?? "").split("...");
  const base = resolveCommit(call, baseName);
  const head = resolveCommit(call, headName);
  const { git } = call.repository;
  const common = mergeBase(git, base, head);
  if (common === null) throw new ApiError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = commitsBetween(git, base, head).reverse();
  const behind = commitsBetween(git, head, base);
  const { items, headers, number } = comparedPage(call, ahead);
  const page = `${webUrl(call)}/compare/${baseName}...${headName}`;
  return jsonAnswer(
    200,
    {
      url: `${apiUrl(call)}/compare/${baseName}...${headName}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: commitView(call, base),
      merge_base_commit: commitView(call, common),
      status: comparison(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: items.map((sha) => commitView(call, sha)),
      // Files come with the first page only, 300 at most.
      ...(number === 1 ? { files: changedFiles(call, common, head).slice(0, MAX_FILES) } : {}),
    },
    headers,
  );
}

const MAX_FILES = 300;
const MAX_UNPAGED = 250;

/** Without a page asked for, the newest 250 of the commits come at once. */
function comparedPage(call: RepositoryCall, ahead: readonly string[]) {
  const { search } = call.request;
  if (search.has("page") || search.has("per_page")) {
    return { ...pageOf(call, ahead), number: Number(search.get("page") ?? 1) };
  }
  return { items: ahead.slice(-MAX_UNPAGED), headers: {}, number: 1 };
}

function comparison(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

/** The files in which two commits differ, without patches. */
export function changedFiles(context: ViewContext, before: string, after: string): object[] {
  const { git } = context.repository;
  const files = diffTrees(git, commitOf(context, before).tree, commitOf(context, after).tree);
  return files.map((file) => fileView(context, after, file));
}
