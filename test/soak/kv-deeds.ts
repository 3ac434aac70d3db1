/**
 * What becomes of the stored values, by chance: lost, damaged, or written by another version of the service.
 */
import * as z from "zod/mini";
import type { PrimaryDeed } from "./primary-deeds.ts";
import type { SoakWorld } from "./world.ts";

export const KV_DEEDS: readonly PrimaryDeed[] = [
  { weight: 2, name: "KV loses everything", act: ({ kv }) => kv.values.clear() },
  { weight: 2, name: "KV loses a value", act: ({ kv, random }) => void kv.values.delete(anyKey(kv, random)) },
  {
    weight: 3,
    name: "KV damages a value",
    act({ kv, random }) {
      const key = anyKey(kv, random);
      const value = kv.values.get(key)?.value ?? "";
      const at = random.below(value.length + 1);
      const damaged = random.chance(50) ? value.slice(0, at) : `${value.slice(0, at)}~${value.slice(at + 1)}`;
      kv.values.set(key, { ...kv.values.get(key), value: damaged });
    },
  },
  {
    weight: 2,
    name: "a later version writes fields that are not known",
    act: (world) => rewrite(world, (state) => ({ ...state, later: { of: [1] }, memoryV2: "x" })),
  },
  {
    weight: 1,
    name: "a version of other fields writes",
    act: (world) => rewrite(world, (state) => ({ ...state, version: 2 })),
  },
  {
    weight: 1,
    name: "a later version writes words that are not known",
    act: (world) => rewrite(world, (state) => ({ ...state, lastError: { code: "of-later", message: "Later." } })),
  },
];

function anyKey({ values }: SoakWorld["kv"], random: SoakWorld["random"]): string {
  const keys = [...values.keys()];
  const key = random.chance(60) ? "state" : keys[random.below(keys.length)];
  if (key === undefined || !values.has(key)) throw new Error("nothing is stored");
  return key;
}

const Stored = z.record(z.string(), z.unknown());

function rewrite({ kv }: SoakWorld, change: (state: Record<string, unknown>) => Record<string, unknown>): void {
  const state = Stored.parse(JSON.parse(kv.values.get("state")?.value ?? "null"));
  kv.values.set("state", { value: JSON.stringify(change(state)) });
}
