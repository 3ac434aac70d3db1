/**
 * Parts of the description of the HTTP interface. Pure.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export const REPORT_FORMS = ["application/json", "text/plain", "text/html"];

export function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function answer(
  description: string,
  schema: string | null,
  types: readonly string[] = ["application/json"],
): JsonObject {
  const content = types.map((type) => {
    const body = type === "application/json" && schema !== null ? reference(schema) : { type: "string" };
    return [type, { schema: body }];
  });
  return { description, content: Object.fromEntries(content) };
}

const ERRORS: Readonly<Record<string, string>> = {
  "304": "Not changed since the ETag of If-None-Match",
  "400": "Something in the request is invalid; the message says what would be valid",
  "401": "The trigger token is missing or wrong",
  "403": "The form is on another site's page",
  "404": "There is no such thing",
  "409": "What would be forced is not what was shown; it is held, and a form is shown the preview again",
  "413": "The body is too large",
  "429": "Too many wrong tokens, or questions that cost much; see Retry-After",
  "503": "Misconfigured, the trigger is closed, or the store does not answer",
};

export function errors(...statuses: readonly string[]): JsonObject {
  const entries = statuses.map((status) => {
    const description = ERRORS[status] ?? "An error";
    return [status, status === "304" ? { description } : answer(description, "Error")];
  });
  return Object.fromEntries(entries);
}
