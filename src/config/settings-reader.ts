/**
 * Reads the settings of one environment, and keeps what is wrong with them. No message shows a value.
 */
import type { Setting } from "./setting-forms.ts";
import { findUnreadable, readSettings, type Settings } from "./settings.ts";

export interface SettingsReader {
  readonly settings: Settings;
  /** `null` only after a problem was noted, so that the placeholder behind `??` is never used. */
  readonly read: <T>(setting: Setting<T>) => T | null;
  /** Of a setting that has no form of its own. */
  readonly text: (name: string) => string | undefined;
  readonly problems: string[];
  readonly warnings: string[];
}

const NO_READING = { isValid: false } as const;

export function createReader(env: Readonly<Record<string, unknown>>): SettingsReader {
  const settings = readSettings(env);
  const unreadable = findUnreadable(env);
  const problems: string[] = [];
  const warnings: string[] = [];
  return {
    settings,
    problems,
    warnings,
    read: <T>({ name, read, valid }: Setting<T>): T | null => {
      const isLost = unreadable.has(name);
      const reading = isLost ? NO_READING : read(settings.get(name));
      const isSet = isLost || settings.has(name);
      if (!reading.isValid) problems.push(`${name} ${isSet ? "" : "is not set; it "}must be ${valid}.`);
      return reading.isValid ? reading.value : null;
    },
    text: (name) => {
      const problem = `${name} must be a text.`;
      if (unreadable.has(name) && !problems.includes(problem)) problems.push(problem);
      return unreadable.has(name) ? undefined : settings.get(name);
    },
  };
}
