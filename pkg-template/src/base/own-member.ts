/** An own member of a parsed response: a page may have extended `Object.prototype`. @internal */
export function ownMember(object: any, name: string): unknown {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
