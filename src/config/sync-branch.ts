/** Where the sync publishes, in both repositories. No setting, so that a branch of another deployment is known as such. */
export const SYNC_BRANCH = "sync/model-references";
