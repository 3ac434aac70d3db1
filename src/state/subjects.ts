/**
 * What the state is about: the PRIMARY, the GitHub, the repositories and the branches that the settings name. Pure.
 *
 * Settings change between two ticks. What is known of another PRIMARY, repository or branch says nothing of these, and
 * what is remembered of it, such as the number of a pull request, would be taken for theirs.
 */
import { PLACED_CATEGORIES, REPOSITORY_ROLES } from "../category-names.ts";
import type { Config } from "../config/config.ts";
import type { Report } from "../contract/report.ts";
import { sha256 } from "../files/blob.ts";
import type { Subjects, SyncState } from "./sync-state.ts";

type Named = Pick<Config, "primaryUrl" | "githubApiUrl" | "repositories" | "categories">;

/** Of the repositories that are synced. */
export function subjectsOf({ primaryUrl, githubApiUrl, repositories, categories }: Named): Subjects {
  const isSynced = (role: string) =>
    PLACED_CATEGORIES.some((one) => one.role === role && categories.includes(one.name));
  const entries = REPOSITORY_ROLES.filter(isSynced).map((role) => {
    const { owner, name, branch } = repositories[role];
    const repository = `${owner}/${name}`;
    return [repository, sha256(JSON.stringify([primaryUrl, githubApiUrl, repository, branch])).slice(0, 16)];
  });
  return Object.fromEntries(entries);
}

/**
 * Whether the state is about what the settings name.
 *
 * `unknown`: an earlier version stored it, which did not say. Nothing at all is known of a new state, which so is about
 * whatever they name.
 */
export function compareSubjects(
  { subjects: known, repositories }: Pick<SyncState, "subjects" | "repositories">,
  wanted: Subjects,
): "same" | "other" | "unknown" {
  if (Object.keys(known).length === 0) return repositories.length === 0 ? "same" : "unknown";
  return Object.entries(wanted).every(([repository, subject]) => known[repository] === subject) ? "same" : "other";
}

/**
 * The state without what it knows of something else than the settings name; a run is due then, which takes nothing on
 * trust. The `subjects` stay as they are, so that a state that is stored meanwhile reads in the same way until a run has
 * looked; and so does a back-off.
 *
 * Of an earlier version's state the reports stay, which say themselves what branch they are about. Its memory goes.
 */
export function forgetOthers(state: SyncState, config: Named): SyncState {
  const wanted = subjectsOf(config);
  const about = compareSubjects(state, wanted);
  if (about === "same") return state;
  const isSame = (repository: string) =>
    wanted[repository] !== undefined && state.subjects[repository] === wanted[repository];
  const isStill = ({ repository, branch }: SyncState["repositories"][number]) =>
    about === "other" ? isSame(repository) : isNamed(repository, branch, config);
  const isAllOther = about === "other" && !Object.keys(wanted).some(isSame);
  return {
    ...state,
    isUnsettled: true,
    awaiting: null,
    // Another PRIMARY's, where it is PRIMARY that changed.
    lastUpdated: isAllOther ? null : state.lastUpdated,
    repositories: state.repositories.filter(isStill),
    memory: Object.fromEntries(Object.entries(state.memory).filter(([repository]) => isSame(repository))),
  };
}

function isNamed(repository: string, branch: string, { repositories }: Named): boolean {
  return Object.values(repositories).some(
    (target) => `${target.owner}/${target.name}` === repository && target.branch === branch,
  );
}

/**
 * What the state is about after a run. One over a part of what changed leaves the rest as unknown as it was.
 *
 * @param isComplete the run was over everything that is configured
 */
export function subjectsAfter(
  known: Subjects,
  wanted: Subjects,
  { report, isComplete }: { readonly report: Report; readonly isComplete: boolean },
): Subjects {
  if (report.error !== undefined) return known;
  if (isComplete) return wanted;
  if (!Object.entries(known).every(([repository, subject]) => wanted[repository] === subject)) return known;
  const isLooked = ([name]: [string, string]) => report.repositories.some(({ repository }) => repository === name);
  return { ...known, ...Object.fromEntries(Object.entries(wanted).filter(isLooked)) };
}

/** Whether a category was added to the settings since the last run; before the first one nothing is missed. */
export function hasUncheckedCategory(
  { repositories }: Pick<SyncState, "repositories">,
  { categories }: Pick<Config, "categories">,
): boolean {
  const checked = repositories.map((entry) => entry.checked);
  if (checked.length === 0 || checked.includes(undefined)) return false;
  return categories.some((name) => !checked.some((names) => names?.includes(name)));
}
