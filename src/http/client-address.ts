/** Who a request counts as, where failures are counted by address. Pure. */

/**
 * An IPv4 address as it is; of an IPv6 address its /64, however it is written, because a customer has at least that
 * much.
 *
 * @example toClientKey("2001:DB8::1") // "2001:db8:0:0"
 */
export function toClientKey(address: string): string {
  if (!address.includes(":")) return address;
  const groups = toGroups(address);
  if (groups === null) return address;
  const [, , , , , mark, high = 0, low = 0] = groups;
  const isMapped = mark === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":");
}

/** The eight groups, by the URL standard's own parser; `null` when it is none. */
function toGroups(address: string): number[] | null {
  const [plain = ""] = address.split("%");
  const url = URL.parse(`http://[${plain}]`);
  if (url === null) return null;
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const split = (part: string) => part.split(":").filter(Boolean);
  const [before, after] = [split(head), split(tail ?? "")] as const;
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}
