// Pages and frames where a browser blocks storage, or loses its connection.

/**
 * As in a cross-site frame whose storage a browser blocks: all APIs exist and throw. Runs before the page's scripts.
 */
export function refuseStorage() {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  IDBFactory.prototype.open = refuse;
  IDBFactory.prototype.databases = async () => refuse();
  // Insecure pages such as the initial `about:blank` do not have them.
  if (globalThis.LockManager) LockManager.prototype.request = async () => refuse();
  for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(globalThis, name, { get: refuse });
}

/** Only a page's first lead is sent to an endpoint; from then on it is offline. Runs before the page's scripts. */
export function failAfterFirst() {
  const { fetch } = globalThis;
  let isFirst = true;
  globalThis.failures = 0;
  globalThis.fetch = (url, options) => {
    if (options?.method !== "POST") return fetch(url, options);
    if (!isFirst) return Promise.reject(new TypeError(`offline ${(globalThis.failures += 1)}`));
    isFirst = false;
    return fetch(url, options);
  };
}
