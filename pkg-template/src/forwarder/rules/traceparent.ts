/** A valid W3C `traceparent` of version 00; anything else is dropped. */
export function validTraceparent(header: string | null): string | undefined {
  const [, trace, parent] = /^00-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/.exec(header ?? "") ?? [];
  if (trace === undefined || parent === undefined || /^0+$/.test(trace) || /^0+$/.test(parent)) return undefined;
  return header ?? undefined;
}
