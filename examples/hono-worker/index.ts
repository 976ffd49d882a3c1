// A worker that creates leads for other systems, and posts a summary to a chat every morning.

import { Hono } from "hono";
import { ICloudReady, isICloudReadyError, ValidationError } from "icloud-ready";

interface Env {
  ICLOUDREADY_API_KEY: string;
  ICLOUDREADY_ORGANIZATION_ID: string;
  /** What callers send as `Authorization: Bearer …`. */
  CALLER_TOKEN: string;
  /** A chat's incoming webhook, which takes `{ "text": "…" }`. */
  CHAT_URL: string;
}

/** One client for all requests of an isolate: they share its rate limit. */
let client: ICloudReady | undefined;
const crm = (env: Env) => (client ??= ICloudReady.fromEnv(env));

const app = new Hono<{ Bindings: Env }>();

app.post("/leads/:submissionId", async (context) => {
  const { env, req } = context;
  const isAuthorized = env.CALLER_TOKEN && req.header("authorization") === `Bearer ${env.CALLER_TOKEN}`;
  if (!isAuthorized) return context.json({ error: "unauthorized" }, 401);
  try {
    // A caller that received no response repeats the request with `?repeat`: then the lead is looked up first.
    const options = { submissionId: req.param("submissionId"), checkExisting: req.query("repeat") !== undefined };
    const { _id } = await crm(env).leads.create(await req.json(), options);
    return context.json({ id: _id }, 201);
  } catch (error) {
    if (error instanceof ValidationError) return context.json({ error: error.code, issues: error.issues }, 400);
    if (isICloudReadyError(error)) return context.json({ error: error.code }, 503);
    throw error;
  }
});

export default {
  fetch: app.fetch,

  async scheduled({ scheduledTime }: { scheduledTime: number }, env: Env): Promise<void> {
    const since = new Date(scheduledTime - 86_400_000).toISOString();
    let count = 0;
    for await (const { createdAt } of crm(env).leads.list({ limit: 100 })) {
      // The most recent come first.
      if (createdAt && createdAt < since) break;
      count++;
    }
    const body = JSON.stringify({ text: `${count} leads in the last 24 hours` });
    const response = await fetch(env.CHAT_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    if (!response.ok) throw new Error(`the chat responded with ${response.status}`);
  },
};
