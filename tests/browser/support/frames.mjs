// Places where a browser refuses storage.

/**
 * As in a cross-site frame whose storage a browser blocks: everything is there, and refuses. To be run before the
 * page's scripts.
 */
export function refuseStorage() {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  IDBFactory.prototype.open = refuse;
  IDBFactory.prototype.databases = async () => refuse();
  // No page has them that is not served securely, as `about:blank` before the page.
  if (globalThis.LockManager) LockManager.prototype.request = async () => refuse();
  for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(globalThis, name, { get: refuse });
}
