/** An own member, of whatever was answered: a page may have added to `Object.prototype`. @internal */
export function ownMember(object: any, name: string): unknown {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
