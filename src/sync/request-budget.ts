/**
 * The requests that a run may make, shared by its repositories: for each of them those are set aside that it has yet to
 * make, so that one that tries again takes none from the other. Pure, but for what it counts.
 */
export interface RequestShare {
  /** How many requests were made for the repository, those to PRIMARY too. */
  readonly made: () => number;
  /** Sets so many more aside for it. @returns `false`, and nothing is set aside, where the run would make too many */
  setAside(count: number): boolean;
  /** It will make no more. */
  end(): void;
}

export interface RequestBudget {
  /** Whether one more request takes none that is set aside. */
  hasRoom(): boolean;
  /** @param first how many the repository's first try may take, which are set aside in any case */
  share(made: () => number, first: number): RequestShare;
}

/**
 * @param made how many requests the run has made, all told
 * @param most how many it may make
 */
export function createRequestBudget(made: () => number, most: number): RequestBudget {
  const shares: { readonly made: () => number; until: number }[] = [];
  const left = (share: (typeof shares)[number]) => Math.max(0, share.until - share.made());
  const leftOf = (some: typeof shares) => some.reduce((sum, share) => sum + left(share), 0);
  return {
    hasRoom: () => made() + leftOf(shares) < most,
    share(ownMade, first) {
      const own = { made: ownMade, until: ownMade() + first };
      shares.push(own);
      return {
        made: ownMade,
        setAside(count) {
          if (made() + leftOf(shares.filter((share) => share !== own)) + count > most) return false;
          own.until = ownMade() + count;
          return true;
        },
        end() {
          own.until = 0;
        },
      };
    },
  };
}
