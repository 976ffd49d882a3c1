// Handlers for the forwarder's option onAlert: a webhook, Slack, and e-mail, for every runtime of the forwarder.
//
//   import { email, slack, webhook } from "./alerts.js";
//   const handlers = [webhook(WEBHOOK_URL, SECRET), slack(SLACK_URL)];
//   await serve({ ...config, onAlert: (alert) => Promise.all(handlers.map((handle) => handle(alert))) });
//
// The forwarder repeats an alert while its condition lasts and reports its end, so no handler keeps a state. An error
// is logged as the event handler_failed; the next repetition tries again.

/** How long a receiver may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Kinds that end an earlier alert. */
const ENDS = ["resolved", "resumed", "store_restored"];

/** One line for people: `paused: reason=authentication, status=401`. */
export function describe({ kind, ...details }) {
  const text = Object.entries(details).map(([name, value]) => `${name}=${value}`);
  return text.length ? `${kind}: ${text.join(", ")}` : kind;
}

/**
 * Posts each alert as JSON. With a secret the header `x-signature` is the HMAC-SHA256 of the body in hexadecimal
 * digits, by which the receiver knows the sender.
 */
export function webhook(url, secret) {
  return async (alert) => {
    const body = JSON.stringify({ source: "icloud-ready", at: new Date().toISOString(), alert });
    const headers = { "content-type": "application/json" };
    if (secret) headers["x-signature"] = await signature(secret, body);
    await post(url, headers, body);
  };
}

/** Posts each alert to a Slack channel; `url` is that of an incoming webhook. */
export function slack(url) {
  return async (alert) => {
    const icon = ENDS.includes(alert.kind) ? ":white_check_mark:" : ":rotating_light:";
    // Slack reads these three characters as markup.
    const text = describe(alert).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    await post(
      url,
      { "content-type": "application/json" },
      JSON.stringify({ text: `${icon} Lead forwarder: ${text}` }),
    );
  };
}

/** Sends each alert by e-mail; `transport` is one of nodemailer, as in `createTransport("smtps://user:password@host")`. */
export function email(transport, { from, to }) {
  return async (alert) => {
    const subject = `Lead forwarder: ${ENDS.includes(alert.kind) ? "resolved: " : ""}${alert.condition ?? alert.kind}`;
    await transport.sendMail({ from, to, subject, text: `${describe(alert)}\n` });
  };
}

async function post(url, headers, body) {
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the receiver of alerts responded with ${response.status}`);
}

async function signature(secret, text) {
  const bytes = (value) => new TextEncoder().encode(value);
  const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text)));
  return [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
