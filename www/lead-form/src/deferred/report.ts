import type { Submission } from "../submission/submission.js";
import { warn } from "../base/warn.js";

/** From this attempt on, missing responses are reported: earlier ones may be network errors. */
export const PERSISTENT_ATTEMPTS = 3;

const RETRIED = "Leads are stored and retried";

const isPersistent = (attempts: number): boolean => attempts >= PERSISTENT_ATTEMPTS && navigator.onLine !== false;

/** Like `reportFailure`, for leads that are sent through a client and get no response. */
export function reportClientFailure({ attempts }: Submission): void {
  if (!isPersistent(attempts)) return;
  warn(
    "the property client gets no response from the CRM that this page may read: is its baseURL right, does the CRM allow " +
      `the origin "${location.origin}" (CORS), and does this page's Content-Security-Policy allow the CRM in connect-src? ` +
      `A forwarder (the attribute endpoint) needs none of these. ${RETRIED}`,
  );
}

/**
 * Warns the site's developer about a configuration mistake. `status` is `undefined` if there was no response that the
 * page may read; `code` is the forwarder's, or why the page cannot send.
 */
export function reportFailure({ key, attempts }: Submission, status: number | undefined, code?: unknown): void {
  const { origin } = location;
  const stored = "Leads are stored in the browser and retried every hour.";
  if (code === "csp") {
    warn(
      `the Content-Security-Policy of this page does not allow requests to ${key}: add ${new URL(key).origin} to its directive connect-src. ${stored}`,
    );
  } else if (code === "mixed") {
    warn(`browsers send nothing from an https page to ${key}: the attribute endpoint has to be https. ${stored}`);
  } else if (status === 403 && code === "origin") {
    const hint =
      origin === "null"
        ? "it is in a frame without an origin of its own (sandbox without allow-same-origin)"
        : `add "${origin}" to its option origins`;
    warn(`${key} refuses leads from this page (403 origin): ${hint}. ${stored}`);
  } else if (status === 404) {
    warn(
      `${key} is not the address of a forwarder (404): compare the attribute endpoint with the forwarder's option path. ${stored}`,
    );
  } else if (status === 413) {
    warn(`${key} rejects a lead of this size (413): the visitor is asked to shorten it`);
  } else if (status === 400) {
    warn(
      `${key} rejects a lead as invalid (400 ${/^\w{1,40}$/.test(String(code ?? "")) ? code : "without a code"}): the visitor is asked to check it`,
    );
  } else if (status !== undefined && status >= 400 && status < 500 && ![408, 425, 429].includes(status)) {
    warn(
      `${key} refuses leads (${status}): is it a forwarder, and does a proxy or firewall in front of it let POST requests through? ${stored}`,
    );
  } else if (status === 429) {
    warn(
      `${key} responds with 429, too many leads from one address: if the forwarder is behind a proxy, is its option clientAddress set? ${RETRIED}`,
    );
  } else if (isPersistent(attempts)) {
    if (status !== undefined && status >= 500) {
      const hint =
        code === "configuration"
          ? "its configuration is wrong"
          : code === "unavailable"
            ? "it cannot store leads"
            : "it, or a proxy in front of it, does not work";
      warn(`the forwarder at ${key} responds with ${status}: ${hint}. Its console and /health say why. ${RETRIED}`);
    } else if (status === undefined) {
      warn(
        `no response from ${key} that this page may read: is the attribute endpoint right, is the forwarder running, and is "${origin}" in its option origins? ${RETRIED}`,
      );
    } else if (status < 400) {
      warn(
        `${key} responds with ${status || "a redirect"}, not as a forwarder does: is the attribute endpoint right? ${RETRIED}`,
      );
    }
  }
}
