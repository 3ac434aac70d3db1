/**
 * Ports that `npm start` needs, looked at before anything is started.
 */
import { createServer } from "node:net";

/** What keeps it from starting, and what to do about it: the user's to mend, and no fault of the program's. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** @param ports by what they are for; 0 is any free one, and never taken */
export async function requireFreePorts(ports: Readonly<Record<string, number>>, host: string): Promise<void> {
  const looked = await Promise.all(
    Object.entries(ports).map(async ([use, port]) => ((await isFree(port, host)) ? [] : [`${port} (${use})`])),
  );
  const taken = looked.flat();
  if (taken.length === 0) return;
  const numbers = Object.values(ports);
  const first = Math.min(...numbers) + 10;
  const last = Math.max(...numbers) + 10;
  throw new StartError(
    `${taken.length === 1 ? "A port is" : "Ports are"} taken, perhaps by another npm start: ${taken.join(", ")}.
PORT=${first} npm start uses ${first} to ${last} instead, and PORT=0 npm start whatever is free.`,
  );
}

async function isFree(port: number, host: string): Promise<boolean> {
  if (port === 0) return true;
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
