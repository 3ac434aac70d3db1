import type { Fault, FaultAction } from "../faults.ts";
import type { Condition } from "./condition.ts";

/** What comes over the wire instead of an answer. It holds for every request, to whatever repository. */
export const WIRE_CONDITIONS: readonly Condition[] = [
  wire("html", "HTML with 200", { type: "html" }),
  wire("html-502", "HTML with 502", { type: "html", status: 502 }),
  wire("half-json", "Half a JSON with 200", { type: "truncate" }),
  wire("empty-object", "{} with 200", { type: "body", body: "{}" }),
  wire("cut", "Bodies break off", { type: "cut" }),
  wire("trickle", "Bodies trickle", { type: "trickle", ms: 250, bytes: 64 }),
  wire("server-error", "Error 500", { type: "status", status: 500, body: refusal("Server Error") }),
  wire("unavailable", "Error 503", { type: "status", status: 503, body: refusal("Service unavailable") }),
  wire("not-found", "404 to everything", { type: "status", status: 404, body: refusal("Not Found") }),
  // https://docs.github.com/en/rest/git/blobs#create-a-blob
  wire(
    "too-large",
    "Files are too large",
    {
      type: "status",
      status: 422,
      body: refusal(
        "Sorry, your input was too large to process. Consider creating the blob in a local clone of the repository and then pushing it to GitHub.",
      ),
    },
    { method: "POST", path: /\/git\/(?:blobs|trees)$/ },
  ),
  wire("hang", "No answer at all", { type: "hang" }),
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
  wire("rate-limit", "Rate limit used up", () => ({
    type: "status",
    status: 403,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 1800) },
    body: refusal("API rate limit exceeded for installation ID 1."),
  })),
  wire("secondary-limit", "Secondary rate limit", {
    type: "status",
    status: 403,
    headers: { "retry-after": "60" },
    body: refusal("You have exceeded a secondary rate limit. Please wait a few minutes before you try again."),
  }),
  // What it was called before, and by older GitHub Enterprise servers: without a header, and of no use but to wait.
  wire("abuse", "Abuse detection, as it was", {
    type: "status",
    status: 403,
    body: refusal("You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."),
  }),
];

function wire(
  name: string,
  title: string,
  action: FaultAction | (() => FaultAction),
  only: Pick<Fault, "method" | "path"> = {},
): Condition {
  const actionOf = () => (typeof action === "function" ? action() : action);
  return {
    name,
    title,
    begin: ({ faults }) => faults.add({ ...only, times: Number.POSITIVE_INFINITY, action: actionOf() }),
  };
}

function refusal(message: string): string {
  const documentation_url = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";
  return JSON.stringify({ message, documentation_url });
}
