/**
 * Settings that may be wrong: what is made of an environment where nothing may throw for its sake.
 */
import type { Access } from "./access.ts";
import { type Config, ConfigError, parseConfig, parseReplicaConfig, type ReplicaConfig } from "./config.ts";

export type Configured =
  | { readonly kind: "configured"; readonly config: Config }
  | {
      readonly kind: "misconfigured";
      readonly problems: readonly string[];
      readonly warnings: readonly string[];
      /** Names of the settings that have a value. */
      readonly given?: readonly string[];
      readonly access: Access;
    };

type Environment = Readonly<Record<string, unknown>>;

export function readConfigured(env: Environment): Configured {
  try {
    return { kind: "configured", config: parseConfig(env) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { problems, warnings, given, access } = error;
    return { kind: "misconfigured", problems, warnings, given, access };
  }
}

/** @returns `null` where they cannot be used */
export function readReplicaConfig(env: Environment): ReplicaConfig | null {
  try {
    return parseReplicaConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
