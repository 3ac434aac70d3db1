import { isObject, type JsonObject } from "../json/value.ts";

/** How the command line reaches the control server of a running sandbox. */

const BASE = process.env["SANDBOX_URL"] ?? "http://127.0.0.1:8788";

export async function get(path: string): Promise<string> {
  return answerText(await reach(path, { headers: { accept: "application/json" } }));
}

export async function getObject(path: string): Promise<JsonObject> {
  const value: unknown = JSON.parse(await get(path));
  return isObject(value) ? value : {};
}

export async function post(action: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const headers = { "content-type": "application/json" };
  const text = await answerText(
    await reach(`/do/${action}`, { method: "POST", headers, body: JSON.stringify(fields) }),
  );
  const value: unknown = JSON.parse(text);
  return isObject(value) ? String(value["message"]) : text;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${BASE}${path}`, init);
  } catch (error) {
    throw new Error(`No sandbox answers at ${BASE}; start one with \`npm start\`, or set SANDBOX_URL.`, {
      cause: error,
    });
  }
}

async function answerText(response: Response): Promise<string> {
  const text = (await response.text()).trimEnd();
  if (!response.ok) throw new Error(text);
  return text;
}
