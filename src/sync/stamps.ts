/**
 * PRIMARY's times of the last change, in whole seconds since the epoch. Pure.
 *
 * Two edits within one second have one stamp, so that a stamp whose second is not over yet vouches for nothing: what is
 * read at it may be edited once more, and the stamp stays the same.
 */

/** By category; `null` when PRIMARY did not tell them. */
export type Stamps = ReadonlyMap<string, number | null> | null;

/** How far PRIMARY's clock may be behind ours. */
const SKEW_SECONDS = 5;

/**
 * Whether its second is not over.
 *
 * @param now when PRIMARY had answered, and nothing else of it was read yet (ms since the epoch)
 */
export function isOpenStamp(stamp: number | null, now: number): boolean {
  return stamp !== null && stamp >= Math.floor(now / 1000) - SKEW_SECONDS;
}

/**
 * An open stamp counts as half a second less: it never equals what the same stamp is when its second is over, whatever
 * PRIMARY's clock says, and so what was read at it is read again just once.
 */
export function closeStamps(stamps: Stamps, now: number): Stamps {
  if (stamps === null) return null;
  const count = (stamp: number | null) => (stamp !== null && isOpenStamp(stamp, now) ? stamp - 0.5 : stamp);
  return new Map([...stamps].map(([name, stamp]) => [name, count(stamp)]));
}
