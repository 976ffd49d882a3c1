import { isStrictCountry } from "../fields/countries.js";
import { isWasmForbidden } from "./forbidden.js";
import { type CheckResult, uncheckedResult, toWesternDigits } from "../fields/phone.js";
import type { LeadIssue } from "../base/public.js";
import { warn } from "../base/warn.js";

let checks: Promise<typeof import("icloud-ready/validation") | undefined> | undefined;

/** Loads the checks and their WebAssembly module. The form works without them. */
export function preloadChecks(): typeof checks {
  checks ??= import("icloud-ready/validation")
    .then(async (module) => {
      // The first call loads the WebAssembly module.
      await module.parsePhone("");
      return module;
    })
    .catch(async () => {
      const isForbidden = await isWasmForbidden();
      warn(
        `the checks did not load: leads are sent as typed, and the forwarder checks them${isForbidden ? ". Add 'wasm-unsafe-eval' to script-src in the Content-Security-Policy of this page" : ""}`,
      );
      return undefined;
    });
  return checks;
}

/** Checks a lead; `lead` builds it with a phone number. */
export async function checkLead(raw: string, country: string, lead: (phone: string) => unknown): Promise<CheckResult> {
  const ready = await preloadChecks();
  // The form first shows that it is sending: both would be one long task on a slow phone.
  await nextTask();
  if (!ready) return uncheckedResult(raw, country);
  const parsed = await ready.parsePhone(raw, country || undefined);
  const phone = {
    number: parsed.e164 ?? toWesternDigits(raw),
    country: parsed.country ?? country,
    check: parsed.check,
  };
  const found = await ready.validateLead(lead(phone.number));
  // For phone numbers the country's rules replace the warnings of the lead's check.
  const issues: LeadIssue[] = found.filter(({ path, severity }) => path !== PHONE || severity === "error");
  const isUncertain = phone.check === "raw" || (phone.check === "possible" && isStrictCountry(phone.country));
  if (isUncertain) issues.push({ path: PHONE, code: "phone", severity: "warning" });
  return { phone, issues };
}

const PHONE = "leadInformation.phone";

/** Continues in another task, without the delay of a timer. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
