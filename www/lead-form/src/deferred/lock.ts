import { nullProto } from "../base/null-proto.js";
import { randomId } from "../submission/submission.js";
import { sleep } from "./timer.js";

/** The timeout for a lock to be granted or refused, unless the caller allows more. */
const LOCK_TIMEOUT_MS = 3_000;

/** The timeout of a lock that no other tab requests. */
const PROBE_TIMEOUT_MS = 1_000;

/**
 * Runs `work` in one tab at a time; with `ifFree` not at all if another tab has the lock. If locks are missing (pages
 * without https), refused (sandboxed frames) or never granted, it runs anyway: then only the submission id prevents
 * duplicates. The wait for a lock that another tab holds is `heldMs` longer.
 */
export function withLock<Result>(
  name: string,
  ifFree: boolean,
  work: () => Promise<Result>,
  timeoutMs = LOCK_TIMEOUT_MS,
  heldMs = 0,
): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    let hasStarted = false;
    /** Called with `null` if another tab holds the lock. The lock is held until the result settles. */
    const begin = (lock?: unknown): Promise<void> | undefined => {
      if (hasStarted) return undefined;
      hasStarted = true;
      clearTimeout(timer);
      if (lock === null) return void resolve(undefined);
      return work().then(resolve, reject);
    };
    let timer = setTimeout(async () => {
      if (heldMs && (await areLocksGranted())) timer = setTimeout(begin, heldMs);
      else void begin();
    }, timeoutMs);
    try {
      const options = nullProto({ ifAvailable: ifFree });
      navigator.locks.request(`icloud-ready-lead-form ${name}`, options, begin).catch(() => begin());
    } catch {
      void begin();
    }
  });
}

/** Whether the browser grants locks at all, tested with one that no other tab requests. */
async function areLocksGranted(): Promise<boolean> {
  try {
    return (await Promise.race([navigator.locks.request(randomId(), () => true), sleep(PROBE_TIMEOUT_MS)])) ?? false;
  } catch {
    return false;
  }
}
