/**
 * The description of the HTTP interface, made of the schemas that validate requests, stored Reports and, in the tests,
 * every answer. `scripts/build-data.ts` writes `openapi.json`, which is served, with it. Pure.
 *
 * @see https://spec.openapis.org/oas/v3.1.0
 */
import * as z from "zod/mini";
import { SERVICE } from "../present/status.ts";
import { REPLICA_TAG, replicaPaths } from "../replica/serve/openapi.ts";
import { answer, errors, type JsonObject, REPORT_FORMS } from "./openapi-parts.ts";
import { triggerPaths } from "./openapi-triggers.ts";
import { runsParameters } from "./parameters.ts";
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
