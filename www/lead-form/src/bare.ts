/** A copy without a prototype: nothing that a page put on every object is in it. */
export function bare<Members extends object>(members: Members): Members {
  return Object.assign(Object.create(null), members);
}
