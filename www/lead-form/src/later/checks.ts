import { isStrict } from "../countries.js";
import { type Checked, unchecked, western } from "../phone.js";
import type { Fault } from "../public.js";

let checks: Promise<typeof import("icloud-ready/validation") | undefined> | undefined;

/** Brings the checks and their wasm here; without them the form works too. */
export function warm(): typeof checks {
  checks ??= import("icloud-ready/validation")
    .then(async (module) => {
      // The first call brings the wasm.
      await module.parsePhone("");
      return module;
    })
    .catch(() => undefined);
  return checks;
}

/** Checks a lead; `lead` makes it with the number that is given. */
export async function check(raw: string, country: string, lead: (phone: string) => unknown): Promise<Checked> {
  const ready = await warm();
  if (!ready) return unchecked(raw, country);
  const parsed = await ready.parsePhone(raw, country || undefined);
  const phone = { number: parsed.e164 ?? western(raw), country: parsed.country ?? country, check: parsed.check };
  const issues = await ready.validateLead(lead(phone.number));
  // Of a number the rules of its country know more than the lead's own check.
  const faults: Fault[] = issues.filter(({ path, severity }) => path !== PHONE || severity === "error");
  const isDoubtful = phone.check === "raw" || (phone.check === "possible" && isStrict(phone.country));
  if (isDoubtful) faults.push({ path: PHONE, code: "phone", severity: "warning" });
  return { phone, faults };
}

const PHONE = "leadInformation.phone";
