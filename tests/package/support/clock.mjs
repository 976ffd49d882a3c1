// Fake time: timers fire as soon as nothing else is left to do, and the clock moves on by as much.

const TURNS = 4;

/**
 * Holds back timers of so many milliseconds and more until the last one is told to fire: no machine
 * is too slow then for what must happen before.
 */
export function heldTimer(t, least) {
  const real = globalThis.setTimeout;
  let fire;
  t.mock.method(globalThis, "setTimeout", (callback, delay, ...given) => {
    if (!(delay >= least)) return real(callback, delay, ...given);
    fire = () => callback(...given);
  });
  return () => fire();
}

/** Puts a fake clock in place of timers, `performance.now` and `Date.now` until the test ends. */
export function fakeClock(t) {
  const real = { setTimeout, clearTimeout };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const timers = new Map();
  let now = 0;
  let wall = Date.now();
  let last = 0;
  globalThis.setTimeout = (callback, delay = 0, ...given) => {
    timers.set(++last, { at: now + Math.max(0, delay), run: () => callback(...given) });
    return last;
  };
  globalThis.clearTimeout = (number) => void timers.delete(number);
  t.mock.method(performance, "now", () => now);
  t.mock.method(Date, "now", () => wall + now);
  t.after(() => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
  });

  return {
    /** Milliseconds since the clock was put in place. */
    get elapsed() {
      return now;
    },
    /** Sets the machine's date ahead by so many milliseconds, or back. */
    setDate(milliseconds) {
      wall += milliseconds;
    },
    /**
     * What a promise settles with (`{ value }` or `{ error }`), or `undefined` if it did not within so many
     * milliseconds.
     */
    async within(milliseconds, promise) {
      const end = now + milliseconds;
      let outcome;
      promise.then(
        (value) => {
          outcome = { value };
        },
        (error) => {
          outcome = { error };
        },
      );
      for (;;) {
        for (let turns = 0; !outcome && turns < TURNS; turns++) await turn();
        if (outcome) return outcome;
        const [number, next] = [...timers].reduce(earlier, [0, { at: Infinity }]);
        if (next.at > end) {
          now = end;
          return undefined;
        }
        timers.delete(number);
        now = Math.max(now, next.at);
        next.run();
      }
    },
  };
}

function earlier(one, other) {
  return other[1].at < one[1].at ? other : one;
}
