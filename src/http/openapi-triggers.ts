/**
 * The description of what starts, stops or tries something. Pure.
 */
import { answer, errors, type JsonObject, REPORT_FORMS, reference } from "./openapi-parts.ts";
import { SYNC_PARAMETERS } from "./parameters.ts";

const HOOK_HEADERS = ["X-GitHub-Event", "X-Hub-Signature-256"].map((name) => {
  return { name, in: "header", required: true, schema: { type: "string" } };
});

const FORM_HINT =
  "A form of a page (application/x-www-form-urlencoded, without Authorization) has the trigger token in its field token, and is answered with pages.";
const SEE_OTHER: JsonObject = { description: "To a form: the page to go to" };
const PREVIEW_PARAMETERS = SYNC_PARAMETERS.filter(({ name }) => name !== "dryRun" && name !== "expected");

function previewed(...statuses: readonly string[]): JsonObject {
  return {
    "200": answer("The diff, or the Report", "Report", REPORT_FORMS),
    ...errors(...statuses),
    "502": answer("The run failed; the Report says why", "Report", REPORT_FORMS),
  };
}

export function triggerPaths(): JsonObject {
  const failed = answer("The run failed; the Report says why", "Report", REPORT_FORMS);
  const body = { content: { "application/json": { schema: reference("SyncRequest") } } };
  return {
    "/sync": {
      post: {
        summary: "A run now",
        description: FORM_HINT,
        security: [{ bearer: [] }],
        parameters: SYNC_PARAMETERS,
        requestBody: body,
        responses: {
          "200": answer("The Report", "Report", REPORT_FORMS),
          "303": SEE_OTHER,
          ...errors("400", "401", "403", "409", "413", "429", "503"),
          "502": failed,
        },
      },
    },
    "/preview": {
      get: {
        summary: "A dry run with the would-be unified diff (text/plain, text/html), or its Report",
        security: [{ bearer: [] }, { basic: [] }],
        parameters: PREVIEW_PARAMETERS,
        responses: previewed("400", "401", "429", "503"),
      },
      post: {
        summary: "The same, for forms",
        description: FORM_HINT,
        security: [{ bearer: [] }],
        parameters: PREVIEW_PARAMETERS,
        requestBody: body,
        responses: previewed("400", "401", "403", "413", "429", "503"),
      },
    },
    "/pause": {
      post: {
        summary: "The schedule stands still until it is resumed; runs by hand go on",
        security: [{ bearer: [] }],
        requestBody: {
          content: {
            "application/json": {
              schema: { type: "object", properties: { reason: { type: "string", maxLength: 200 } } },
            },
          },
        },
        responses: {
          "200": answer("Since when", "Pause"),
          "303": SEE_OTHER,
          ...errors("400", "401", "403", "413", "429", "503"),
        },
      },
    },
    "/resume": {
      post: {
        summary: "The schedule goes on",
        security: [{ bearer: [] }],
        responses: {
          "200": answer("Nothing is paused", "Pause"),
          "303": SEE_OTHER,
          ...errors("401", "403", "413", "429", "503"),
        },
      },
    },
    "/github": {
      post: {
        summary: "GitHub's webhook, for push and pull_request, signed with GITHUB_WEBHOOK_SECRET",
        parameters: HOOK_HEADERS,
        requestBody: { content: { "application/json": { schema: { type: "object" } } } },
        responses: {
          "200": answer("An answer to ping", "Hook"),
          "202": answer("What is looked at for it, or why nothing is", "Hook"),
          ...errors("400", "401", "404", "413", "429", "503"),
        },
      },
    },
    "/check": {
      get: {
        summary: "What a deployment needs, tried one by one, each with its cure",
        security: [{ bearer: [] }, { basic: [] }],
        responses: { "200": answer("What was found", "Check", REPORT_FORMS), ...errors("401", "429", "503") },
      },
    },
  };
}
