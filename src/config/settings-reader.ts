/**
 * Reads the settings of one environment, and keeps what is wrong with them. No message shows a value.
 */
import type { Setting } from "./setting-schemas.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface SettingsReader {
  readonly settings: Settings;
  /** `null` only after a problem was noted, so that the placeholder behind `??` is never used. */
  readonly read: <T>(setting: Setting<T>) => T | null;
  readonly problems: string[];
  readonly warnings: string[];
}

export function createReader(env: Readonly<Record<string, unknown>>): SettingsReader {
  const settings = readSettings(env);
  const problems: string[] = [];
  const warnings: string[] = [];
  return {
    settings,
    problems,
    warnings,
    read: <T>({ name, schema, valid }: Setting<T>): T | null => {
      const parsed = schema.safeParse(settings.get(name));
      if (!parsed.success)
        problems.push(`${name} ${settings.has(name) ? `must be ${valid}` : `is not set; it must be ${valid}`}.`);
      return parsed.success ? parsed.data : null;
    },
  };
}
