import { expect, it } from "vitest";
import { toClientKey } from "../../src/http/client-address.ts";

it.each([
  ["192.0.2.99", "192.0.2.99"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:db8::ffff:2", "2001:db8:0:0"],
  ["2001:db8:0:0:9::", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::ffff:192.0.2.99", "192.0.2.99"],
  ["::ffff:c000:263", "192.0.2.99"],
  ["unknown", "unknown"],
  ["no:address", "no:address"],
])("%s counts as %s", (address, key) => {
  expect(toClientKey(address)).toBe(key);
});
