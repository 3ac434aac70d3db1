/** The clocks of one location, and of one isolate's invocations, differ by less: a time further ahead is of one that ran ahead. */
export const CLOCKS_DIFFER_MS = 60_000;
