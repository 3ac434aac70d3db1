/**
 * What the state is about: the PRIMARY, the GitHub, the repositories and the branches that the settings name. Pure.
 *
 * Settings change between two ticks. What is known of another PRIMARY, repository or branch says nothing of these, and
 * what is remembered of it, such as the number of a pull request, would be taken for theirs.
 */
import { PLACED_CATEGORIES, REPOSITORY_ROLES } from "../category-names.ts";
import type { Config } from "../config/config.ts";
import type { Report } from "../contract/report.ts";
import { memoryOfGitHub } from "../sync/memory.ts";
import type { Subjects, SyncState } from "./sync-state.ts";

type Named = Pick<Config, "primaryUrl" | "githubApiUrl" | "repositories" | "categories">;

/** Of the repositories that are synced. */
export function subjectsOf({ primaryUrl, githubApiUrl, repositories, categories }: Named): Subjects {
  const isSynced = (role: string) =>
    PLACED_CATEGORIES.some((one) => one.role === role && categories.includes(one.name));
  const entries = REPOSITORY_ROLES.filter(isSynced).map((role) => {
    const { owner, name, branch } = repositories[role];
    return [`${owner}/${name}`, `${githubApiUrl} ${branch} ${primaryUrl}`];
  });
  return Object.fromEntries(entries);
}

/** Of a subject, all but the PRIMARY: none of the three has a space in it. */
function placeOf(subject: string | undefined): string | undefined {
  return subject?.split(" ", 2).join(" ");
}

/**
 * Whether the state is about what the settings name. A repository of which nothing is known, because none of its
 * categories was synced, is no other one.
 *
 * `unknown`: an earlier version stored it, which did not say. Nothing at all is known of a new state, which so is about
 * whatever they name.
 */
export function compareSubjects(
  { subjects: known, repositories }: Pick<SyncState, "subjects" | "repositories">,
  wanted: Subjects,
): "same" | "other" | "unknown" {
  if (Object.keys(known).length === 0) return repositories.length === 0 ? "same" : "unknown";
  const isLeft = Object.keys(known).some((repository) => wanted[repository] === undefined);
  const isSame = ([repository, subject]: [string, string]) =>
    known[repository] === subject || (known[repository] === undefined && !isLeft);
  return Object.entries(wanted).every(isSame) ? "same" : "other";
}

/**
 * The state without what it knows of something else than the settings name; a run is due then, which takes nothing on
 * trust. The `subjects` stay as they are, so that a state that is stored meanwhile reads in the same way until a run has
 * looked; and so does a back-off.
 *
 * Of an earlier version's state the reports stay, which say themselves what branch they are about. What is remembered of
 * GitHub alone stays with the place, such as which commits are ours.
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
    memory: Object.fromEntries(
      Object.entries(state.memory).flatMap(([repository, memory]) => {
        if (isSame(repository)) return [[repository, memory]];
        const isPlace = about === "unknown" || placeOf(state.subjects[repository]) === placeOf(wanted[repository]);
        return wanted[repository] !== undefined && isPlace ? [[repository, memoryOfGitHub(memory)]] : [];
      }),
    ),
  };
}

function isNamed(repository: string, branch: string, { repositories }: Named): boolean {
  return Object.values(repositories).some(
    (target) => `${target.owner}/${target.name}` === repository && target.branch === branch,
  );
}

/** Of a repository of which a part was looked at. */
const PART = "";

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
  const isSame = Object.entries(known).every(([repository, subject]) => wanted[repository] === subject);
  const looked = Object.entries(wanted).filter(([name]) =>
    report.repositories.some(({ repository }) => repository === name),
  );
  // What was looked at is not what it was, and not known as a whole.
  const now = isSame ? looked : looked.map(([name, subject]) => [name, known[name] === subject ? subject : PART]);
  return { ...known, ...Object.fromEntries(now) };
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
