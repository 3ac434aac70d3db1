import { verify } from "node:crypto";
import { isObject, type JsonObject, parseJsonObject } from "../json/value.ts";

/**
 * Checks an App's JSON Web Token as GitHub does:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export type JwtCheck =
  | { readonly kind: "valid"; readonly issuer: string }
  | { readonly kind: "refused"; readonly status: 401 | 404; readonly message: string };

const UNREADABLE = "A JSON web token could not be decoded";
const EXPIRED =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const TOO_FAR = "'Expiration time' claim ('exp') is too far in the future";
const ISSUED = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";

const MAX_LIFETIME_S = 600;
const CLOCK_DRIFT_S = 60;

export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

export function checkJwt(options: {
  token: string;
  nowMs: number;
  publicKeyOf: (issuer: string) => string | null;
}): JwtCheck {
  const [head = "", payload = "", signature = ""] = options.token.split(".");
  const header = decodePart(head);
  const claims = decodePart(payload);
  if (header?.["alg"] !== "RS256" || claims === null) return refused(UNREADABLE);
  const issuer = String(claims["iss"] ?? "");
  const key = options.publicKeyOf(issuer);
  if (key === null) return { kind: "refused", status: 404, message: "Integration not found" };
  const isSigned = verify("RSA-SHA256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
  if (!isSigned) return refused(UNREADABLE);
  const problem = checkTimes(claims, options.nowMs / 1000);
  return problem === null ? { kind: "valid", issuer } : refused(problem);
}

function checkTimes(claims: JsonObject, now: number): string | null {
  const { iat, exp } = claims;
  if (typeof exp !== "number" || exp <= now) return EXPIRED;
  if (typeof iat !== "number" || !Number.isInteger(iat) || iat > now + CLOCK_DRIFT_S) return ISSUED;
  if (exp > now + MAX_LIFETIME_S + CLOCK_DRIFT_S || exp - iat > MAX_LIFETIME_S + CLOCK_DRIFT_S) return TOO_FAR;
  return null;
}

function decodePart(part: string): JsonObject | null {
  const value = parseJsonObject(Buffer.from(part, "base64url"));
  return isObject(value) ? value : null;
}

function refused(message: string): JwtCheck {
  return { kind: "refused", status: 401, message };
}
