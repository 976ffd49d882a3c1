// The content security policies of the guide in pkg-template/README.md.

/** The strictest under which a page can use the package. `api`: the CRM's origin. */
export const strictest = (api, changes = {}) => policy({ ...page(api), ...changes });

/** The strictest under which a page's workers can: making a worker needs a trusted URL. */
export const strictestWithWorkers = (api) => {
  const { "require-trusted-types-for": _, "trusted-types": __, ...rest } = page(api);
  return policy({ ...rest, "worker-src": "'self'" });
};

const page = (api) => ({
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "connect-src": `'self' ${api}`,
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "'none'",
});

const policy = (directives) => Object.entries(directives).map((directive) => directive.join(" ")).join("; ");
