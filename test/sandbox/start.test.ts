import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** @returns its port */
async function occupy(port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function start(port: string, ...args: string[]) {
  const env = { ...process.env, PORT: port };
  const file = fileURLToPath(new URL("../../sandbox/start.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    env,
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

it("npm start says which port is taken, and by what setting to change it", async () => {
  const taken = await occupy();
  const first = taken - 2;
  const { status, stdout, stderr } = start(String(first));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  // Others of this machine may be taken by other tests.
  expect(stderr).toMatch(new RegExp(`taken, perhaps by another npm start: .*${taken} \\(PRIMARY\\)`));
  expect(stderr).toContain(`PORT=${first + 10} npm start uses ${first + 10} to ${first + 13} instead`);
});

it("and what a port may be", () => {
  expect(start("http")).toEqual({
    status: 1,
    stdout: "",
    stderr: "PORT must be a whole number from 0 (any free port) to 65529.\n",
  });
});

it.each(["--help", "-h"])("%s tells what there is to set, and starts nothing", (option) => {
  const { status, stdout, stderr } = start("http", option);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: npm start\n(?:.*\n)*.*PORT=8787/);
});

it("an argument that nobody knows is told, and starts nothing", () => {
  const { status, stdout, stderr } = start("http", "--help", "--port=1");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^--port=1 is no option of npm start\.\n\nUsage: npm start/);
});
