// The content security policies that the guide in pkg-template/README.md shows.

/** A page's. `api`: the CRM's origin. `changes`: other values of directives. */
export const page = (api, changes = {}) =>
  policy({
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "connect-src": `'self' ${api}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
    ...changes,
  });

/** That of a page that starts workers, for which Trusted Types would want a policy of its own. */
export const pageWithWorkers = (api) =>
  page(api, { "worker-src": "'self'", "require-trusted-types-for": undefined, "trusted-types": undefined });

function policy(directives) {
  const given = Object.entries(directives).filter(([, value]) => value);
  return given.map((directive) => directive.join(" ")).join("; ");
}
