// The content security policy from the guide in the package's README.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./project.mjs";

const guide = readFileSync(join(packageFolder, "README.md"), "utf8");
const [, shown] = /```csp\n(.*?)```/s.exec(guide);

/** The policy of a page. `api`: the CRM's origin. `changes`: other values of directives, `undefined` to remove one. */
export function page(api, changes = {}) {
  const text = shown.replace("https://api.icloud-ready.com", api);
  const directives = text.split(";").map((directive) => directive.trim().split(/\s+/));
  const merged = { ...Object.fromEntries(directives.map(([name, ...values]) => [name, values.join(" ")])), ...changes };
  return Object.entries(merged)
    .flatMap(([name, value]) => (value ? [`${name} ${value}`] : []))
    .join("; ");
}

/** The policy of a page that starts workers. */
export const pageWithWorkers = (api) =>
  page(api, { "worker-src": "'self'", "require-trusted-types-for": undefined, "trusted-types": undefined });
