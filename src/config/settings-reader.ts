/**
 * Reads the settings of one environment, and keeps what is wrong with them. No message shows a value.
 */
import type { Setting } from "./setting-forms.ts";
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
    read: <T>({ name, read, valid }: Setting<T>): T | null => {
      const reading = read(settings.get(name));
      if (!reading.isValid)
        problems.push(`${name} ${settings.has(name) ? `must be ${valid}` : `is not set; it must be ${valid}`}.`);
      return reading.isValid ? reading.value : null;
    },
  };
}
