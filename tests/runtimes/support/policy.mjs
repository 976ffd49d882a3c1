// The content security policy that the guide in the package's README shows.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./project.mjs";

const guide = readFileSync(join(packageFolder, "README.md"), "utf8");
const [, shown] = /```csp\n(.*?)```/s.exec(guide);

/** A page's. `api`: the CRM's origin. `changes`: other values of directives, `undefined` for none. */
export function page(api, changes = {}) {
  const text = shown.replace("https://api.icloud-ready.com", api);
  const directives = text.split(";").map((directive) => directive.trim().split(/\s+/));
  const given = { ...Object.fromEntries(directives.map(([name, ...values]) => [name, values.join(" ")])), ...changes };
  return Object.entries(given)
    .flatMap(([name, value]) => (value ? [`${name} ${value}`] : []))
    .join("; ");
}

/** That of a page that starts workers. */
export const pageWithWorkers = (api) =>
  page(api, { "worker-src": "'self'", "require-trusted-types-for": undefined, "trusted-types": undefined });
