// The tasks of a page's main thread, from Chromium's trace.

/** The trace categories to record. */
export const CATEGORIES = ["toplevel", "devtools.timeline", "__metadata"];

/**
 * The longest task, in milliseconds: of those since a script ran whose address `isOurs` knows, or, where
 * none did, of all. Counted is the time that the thread itself worked, not what else the machine did
 * meanwhile, and not `Commit`, in which it waits for the thread that draws.
 */
export function longest(trace, isOurs) {
  const { traceEvents } = JSON.parse(trace);
  const threads = new Set(traceEvents.filter(({ args }) => args?.name === "CrRendererMain").map(threadOf));
  const events = traceEvents.filter((event) => event.ph === "X" && threads.has(threadOf(event)));
  const own = events.filter(({ args }) => isOurs(args?.data?.url ?? args?.fileName ?? ""));
  const since = own.length ? Math.min(...own.map(({ ts }) => ts)) : 0;
  const waits = events.filter(({ name }) => name === "Commit");
  const tasks = events.filter(({ name, ts, dur }) => name === "ThreadControllerImpl::RunTask" && ts + dur > since);
  const busy = tasks.map((task) => {
    const within = waits.filter(
      (wait) => threadOf(wait) === threadOf(task) && wait.ts >= task.ts && wait.ts < task.ts + task.dur,
    );
    return within.reduce((left, { tdur = 0 }) => left - tdur, task.tdur ?? 0);
  });
  return Math.max(0, ...busy) / 1_000;
}

const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
