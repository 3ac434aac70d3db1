import type { Account, IssueChange } from "./conversation-model.ts";
import { type GitHubState, type Pull, takeId } from "./state.ts";

/** Writes a change down, at this moment, and moves `updated_at`. */
export function recordEvent(state: GitHubState, pull: Pull, actor: Account | null, change: IssueChange): void {
  const createdAt = state.now();
  pull.events.push({ ...change, id: takeId(state), actor, createdAt });
  pull.updatedAt = createdAt;
}
