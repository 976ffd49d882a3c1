/** The built-in members of an object, without a page's additions to `Object.prototype`. */
const prototype = Object.create(null);
for (const name of "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf".split(
  " ",
) as (keyof object)[]) {
  const descriptor = Object.create(null);
  descriptor.value = Object.prototype[name];
  descriptor.writable = true;
  Object.defineProperty(prototype, name, descriptor);
}

/**
 * A copy that does not inherit a page's additions to `Object.prototype`, but on which the page's scripts can call
 * `hasOwnProperty`.
 */
export function nullProto<Members extends object>(members: Members): Members {
  return Object.assign(Object.create(prototype), members);
}
