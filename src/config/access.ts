/**
 * Who may see what: the parts that are open to everybody, and the token that opens the others. Pure.
 */
import { PUBLIC_PARTS, SETTINGS } from "./setting-forms.ts";
import { PREFIX } from "./settings.ts";
import type { SettingsReader } from "./settings-reader.ts";

export interface Access {
  /** `false`: only who has the trigger token may read it. */
  readonly public: Readonly<Record<"status" | "replica", boolean>>;
  readonly triggerToken: string | null;
}

/** Shorter ones can be guessed in the time that a limit by address leaves to many addresses. */
const LEAST_TOKEN_LENGTH = 16;

/** What cannot be read is open to nobody: whoever mistyped `PUBLIC` meant to close something. */
export function readAccess({ read, warnings }: SettingsReader): Access {
  const triggerToken = read(SETTINGS.triggerToken) ?? null;
  const open = read(SETTINGS.public) ?? [];
  const access = { public: { status: open.includes("status"), replica: open.includes("replica") }, triggerToken };
  if (triggerToken !== null && triggerToken.length < LEAST_TOKEN_LENGTH) {
    warnings.push(
      `${SETTINGS.triggerToken.name} is shorter than ${LEAST_TOKEN_LENGTH} characters and may be guessed; make one with \`openssl rand -hex 32\`.`,
    );
  }
  const closed = PUBLIC_PARTS.filter((part) => !access.public[part]);
  if (triggerToken === null && closed.length > 0) {
    warnings.push(
      `${PREFIX}PUBLIC closes the ${closed.join(" and the ")}, and ${SETTINGS.triggerToken.name} is not set, so that nobody can read ${closed.length === 1 ? "it" : "them"}.`,
    );
  }
  return access;
}
