/**
 * What is said on a pull request beside its text, each at most once; a marker tells that it is there. Pure.
 */

export interface Remark {
  readonly marker: string;
  readonly text: string;
}

export const EDITED: Remark = {
  marker: "<!-- horde-model-reference-sync:edited -->",
  text: [
    "The branch of this pull request holds a commit that is not from the sync bot, so the bot leaves it alone from here on: it neither updates nor closes it. It ends in one of these ways:",
    "",
    "- Merge it: what PRIMARY says beyond it comes in a new pull request.",
    "- Close it and keep the branch: what the bot had proposed is rejected until PRIMARY says something else.",
    "- Close it and delete the branch: the next run starts afresh, with a new pull request.",
    "- Take the commit back (reset the branch to the bot's last commit): the bot goes on with this one.",
  ].join("\n"),
};

export const CLOSING: Remark = {
  marker: "<!-- horde-model-reference-sync:closing -->",
  text: "The base branch now means what PRIMARY says, so nothing is left to merge. Closing this pull request and deleting its branch.",
};

/** How the Python service explains itself when it closes every open pull request whose head begins with `sync/`. */
export const PYTHON_SERVICE_CLOSING = /automatically closed because a new sync operation has been initiated/i;
