import { mergeCommits } from "../git/merge.ts";
import { headOf, type Pull } from "./state.ts";
import type { ViewContext } from "./views.ts";

interface Mergeability {
  readonly mergeable: boolean | null;
  readonly rebaseable: boolean | null;
  readonly mergeable_state: "unknown" | "clean" | "dirty" | "draft" | "unstable";
}

const UNKNOWN: Mergeability = { mergeable: null, rebaseable: null, mergeable_state: "unknown" };

/**
 * Whether a pull request conflicts with its base. GitHub begins to find out when it is asked, and says `null` until
 * it knows; here the second question is answered. Checks that failed, or are not done, make it `unstable`.
 *
 * @see https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 */
export function mergeability({ repository }: ViewContext, pull: Pull): Mergeability {
  const base = headOf(repository, pull.baseRef);
  if (pull.state === "closed" || base === null || repository.lag !== null) return UNKNOWN;
  const pair = `${base}...${pull.headSha}`;
  const wasAsked = repository.testedMerges.has(pair);
  repository.testedMerges.add(pair);
  if (!wasAsked) return UNKNOWN;
  const isClean = mergeCommits(repository.git, base, pull.headSha).kind === "merged";
  const checks = repository.checks.get(pull.headSha) ?? [];
  const isGreen = checks.every(({ conclusion }) => conclusion === "success");
  const state = !isClean ? "dirty" : pull.isDraft ? "draft" : isGreen ? "clean" : "unstable";
  return { mergeable: isClean, rebaseable: isClean, mergeable_state: state };
}
