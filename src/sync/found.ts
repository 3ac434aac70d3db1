/**
 * What a dry run found, record by record: for a person who has to decide, and so with what is held. Pure.
 */
import type { CategoryName } from "../categories.ts";
import type { RecordChange } from "../files/codec.ts";
import type { Proposal } from "./proposal.ts";

export interface FoundCategory {
  /** `owner/name` */
  readonly repository: string;
  readonly category: CategoryName;
  /** Between the base and what the branch would hold; of what is held, between the base and PRIMARY. */
  readonly changes: readonly RecordChange[];
}

/** Every category with a record that differs, in the order of the table. */
export function findChanges(repository: string, { judged, delta }: Proposal): FoundCategory[] {
  return judged.flatMap(({ category: { name }, standing }) => {
    const entry = delta.find(({ category }) => category === name);
    // The branch may keep what a force published of a category that is held for something else now.
    const changes = standing.kind === "held" ? standing.changes : (entry?.changes ?? []);
    return changes.length === 0 ? [] : [{ repository, category: name, changes }];
  });
}
