import { bare } from "../bare.js";

/** Does something no other tab does meanwhile; with `ifFree` not at all if one does. */
export async function alone<Result>(name: string, ifFree: boolean, work: () => Promise<Result>): Promise<Result | undefined> {
  // Missing on pages without https: there the submission id alone keeps leads from being doubled.
  const { locks } = navigator;
  if (!locks) return work();
  const options = bare({ ifAvailable: ifFree });
  return locks.request<Promise<Result> | undefined>(`icloud-ready-lead-form ${name}`, options, (lock) => (lock ? work() : undefined));
}
