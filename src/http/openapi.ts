/**
 * The description of the HTTP interface, made of the schemas that validate requests, stored Reports and, in the tests,
 * every answer. Pure.
 *
 * @see https://spec.openapis.org/oas/v3.1.0
 */
import * as z from "zod/mini";
import { SERVICE } from "../present/status.ts";
import { REPLICA_TAG, replicaPaths } from "../replica/serve/openapi.ts";
import { runsParameters, SYNC_PARAMETERS } from "./parameters.ts";
import {
  BadgeSchema,
  CheckSchema,
  DetailSchema,
  ErrorSchema,
  HealthSchema,
  HookSchema,
  PauseSchema,
  ReportSchema,
  RunPageSchema,
  StatusSchema,
} from "./schemas.ts";
import { SyncRequestSchema } from "./sync-request.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const REPORT_FORMS = ["application/json", "text/plain", "text/html"];

export function buildOpenApi(version: string): JsonObject {
  return {
    openapi: "3.1.0",
    info: { title: SERVICE, version, license: { name: "AGPL-3.0-or-later", identifier: "AGPL-3.0-or-later" } },
    tags: [REPLICA_TAG],
    paths: { ...statusPaths(), ...runPaths(), ...triggerPaths(), ...machinePaths(), ...replicaPaths() },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "HORDE_GITHUB_SYNC_TRIGGER_TOKEN" },
        basic: { type: "http", scheme: "basic", description: "Any name; the trigger token as the password" },
      },
    },
  };
}

function componentSchemas(): JsonObject {
  const answers = z.registry<{ id: string }>();
  answers.add(StatusSchema, { id: "Status" });
  answers.add(ReportSchema, { id: "Report" });
  answers.add(RunPageSchema, { id: "RunPage" });
  answers.add(HealthSchema, { id: "Health" });
  answers.add(BadgeSchema, { id: "Badge" });
  answers.add(CheckSchema, { id: "Check" });
  answers.add(ErrorSchema, { id: "Error" });
  answers.add(PauseSchema, { id: "Pause" });
  answers.add(HookSchema, { id: "Hook" });
  answers.add(DetailSchema, { id: "Detail" });
  const { schemas } = z.toJSONSchema(answers, { uri: (id) => `#/components/schemas/${id}` });
  const request = z.toJSONSchema(SyncRequestSchema, { io: "input" });
  const all = Object.entries({ ...schemas, SyncRequest: request });
  return Object.fromEntries(all.map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema]));
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function answer(
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

function errors(...statuses: readonly string[]): JsonObject {
  const entries = statuses.map((status) => {
    const description = ERRORS[status] ?? "An error";
    return [status, status === "304" ? { description } : answer(description, "Error")];
  });
  return Object.fromEntries(entries);
}

function statusPaths(): JsonObject {
  const forms = ["text/plain", "text/html", "application/json"];
  const notHealthy = answer(
    "Degraded, stale, misconfigured, the replica is stale, or the store does not answer",
    "Health",
  );
  return {
    "/": {
      get: {
        summary: "The status for people",
        responses: { "200": answer("The status", "Status", forms), ...errors("304", "503") },
      },
    },
    "/status": {
      get: {
        summary: "The status for programs",
        responses: {
          "200": answer("The status", "Status", ["application/json", "text/plain"]),
          ...errors("304", "503"),
        },
      },
    },
    "/healthz": {
      get: {
        summary: "Whether somebody has to look",
        responses: { "200": answer("All is well", "Health"), "503": notHealthy },
      },
    },
  };
}

function runPaths(): JsonObject {
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return {
    "/runs": {
      get: {
        summary: "The runs of the last 30 days, newest first",
        parameters: runsParameters(),
        responses: { "200": answer("A page of runs", "RunPage", REPORT_FORMS), ...errors("304", "400", "429", "503") },
      },
    },
    "/runs/{id}": {
      get: {
        summary: "One run",
        parameters: [id],
        responses: { "200": answer("Its Report", "Report", REPORT_FORMS), ...errors("304", "404", "503") },
      },
    },
  };
}

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

function triggerPaths(): JsonObject {
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

function machinePaths(): JsonObject {
  return {
    "/metrics": {
      get: {
        summary: "Prometheus metrics",
        responses: { "200": answer("Metrics", null, ["text/plain"]), ...errors("503") },
      },
    },
    "/badge.json": {
      get: {
        summary: "A shields.io endpoint",
        responses: { "200": answer("The badge", "Badge"), ...errors("304", "503") },
      },
    },
    "/openapi.json": {
      get: { summary: "This description", responses: { "200": { description: "OpenAPI 3.1" }, ...errors("304") } },
    },
    "/favicon.svg": {
      get: {
        summary: "The pages' icon",
        responses: { "200": answer("The icon", null, ["image/svg+xml"]), ...errors("304") },
      },
    },
  };
}
