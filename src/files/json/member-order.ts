interface Named {
  readonly name: string;
}

/** A member of an object as it shall become: what it shall mean, and the old member that it is, if it is one. */
export type OrderedMember<Old extends Named, Wanted extends Named> =
  | { readonly from: null; readonly target: Wanted }
  /** `counts` is false for a duplicate that a later member overrides. */
  | { readonly from: number; readonly member: Old; readonly counts: boolean; readonly target: Wanted };

export interface OrderInput<Old extends Named, Wanted extends Named> {
  /** The members in the file's order, with duplicates. */
  readonly old: readonly Old[];
  /** PRIMARY's members by name, in its order. */
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Names of old members, each the only one of its name, that go where PRIMARY has them. */
  readonly moved?: ReadonlySet<string>;
  /** Names of old members that new ones do not follow, as PRIMARY does not have them at their place. */
  readonly stray?: ReadonlySet<string>;
}

/**
 * The order of an edited object's members: the old ones that stay keep theirs, a new one follows its predecessor.
 *
 * Predecessor is the nearest name before it in PRIMARY that stays (its last occurrence, where there are duplicates),
 * so that several new ones in a row keep PRIMARY's order; without one it comes first. Key order is otherwise no
 * drift: `{b, a}` with PRIMARY's `{a, x, b}` becomes `{b, a, x}`.
 */
export function orderMembers<Old extends Named, Wanted extends Named>(
  input: OrderInput<Old, Wanted>,
): OrderedMember<Old, Wanted>[] {
  const { old, wanted, moved = NONE, stray = NONE } = input;
  const lastIndex = new Map(old.map(({ name }, index) => [name, index]));
  const leaders: OrderedMember<Old, Wanted>[] = [];
  const followers = new Map<number, OrderedMember<Old, Wanted>[]>();
  let anchor: number | null = null;
  for (const [name, target] of wanted) {
    const from = lastIndex.get(name);
    const member = from === undefined ? undefined : old[from];
    if (from !== undefined && !moved.has(name)) {
      if (!stray.has(name)) anchor = from;
      continue;
    }
    const group: OrderedMember<Old, Wanted>[] = anchor === null ? leaders : (followers.get(anchor) ?? []);
    if (anchor !== null) followers.set(anchor, group);
    group.push(from !== undefined && member ? { from, member, counts: true, target } : { from: null, target });
  }
  const order = leaders;
  for (const [from, member] of old.entries()) {
    const target = wanted.get(member.name);
    if (!target || moved.has(member.name)) continue;
    order.push({ from, member, counts: lastIndex.get(member.name) === from, target });
    order.push(...(followers.get(from) ?? []));
  }
  return order;
}

/** The order of `wanted` itself: every member stands where it has it, and duplicates are gone. */
export function followMembers<Old extends Named, Wanted extends Named>({
  old,
  wanted,
}: OrderInput<Old, Wanted>): OrderedMember<Old, Wanted>[] {
  const lastIndex = new Map(old.map(({ name }, index) => [name, index]));
  return [...wanted].map(([name, target]) => {
    const from = lastIndex.get(name);
    const member = from === undefined ? undefined : old[from];
    return from !== undefined && member ? { from, member, counts: true, target } : { from: null, target };
  });
}

const NONE: ReadonlySet<string> = new Set();
