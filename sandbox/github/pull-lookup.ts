import { notFound } from "./errors.ts";
import type { RepositoryCall } from "./route.ts";
import type { Pull } from "./state.ts";

/** The pull request that the path names, as this request sees it: a read may lag. */
export function pullOf(call: RepositoryCall): Pull {
  const found = call.pulls.find((pull) => String(pull.number) === call.params["number"]);
  if (found === undefined) throw notFound();
  return found;
}

/** The same as it is: comments and labels are read where they are written. */
export function presentPullOf(call: RepositoryCall): Pull {
  return pullOf({ ...call, pulls: call.repository.pulls });
}

/** `owner:branch`; both null for anything else, which GitHub takes no notice of in a filter. */
export function ownedHead(head: string | null): [string | null, string | null] {
  const colon = head?.indexOf(":") ?? -1;
  return head === null || colon < 0 ? [null, null] : [head.slice(0, colon), head.slice(colon + 1)];
}
