// The clock of a simulated machine.

const real = { date: Date.now, now: performance.now.bind(performance), setTimeout: globalThis.setTimeout };

/**
 * Lets this process's clocks and timers run `speed` times as fast as the machine's, from the date `epoch` on, so that a
 * test of minutes reaches ages of hours. A message of the parent, `{ ahead }`, sets the date ahead by this many
 * milliseconds.
 */
export function setUpClock({ speed, epoch }) {
  let ahead = 0;
  Date.now = () => Math.round(epoch + (real.date() - epoch) * speed + ahead);
  performance.now = () => real.now() * speed;
  globalThis.setTimeout = (callback, wait, ...more) => real.setTimeout(callback, wait / speed, ...more);
  process.on("message", (message) => ({ ahead } = message));
  process.channel?.unref();
}
