// Fake time: timers fire as soon as nothing else is left to do, and the clock advances by their delay.

const TURNS = 4;

/**
 * Holds back timers of at least this many milliseconds until the last one is released, so that slow machines finish
 * what must happen before.
 */
export function heldTimer(t, minMs) {
  const real = globalThis.setTimeout;
  let fire;
  t.mock.method(globalThis, "setTimeout", (callback, delay, ...args) => {
    if (!(delay >= minMs)) return real(callback, delay, ...args);
    fire = () => callback(...args);
  });
  return () => fire();
}

/** Replaces timers, `performance.now` and `Date.now` with a fake clock until the test ends. */
export function fakeClock(t) {
  const real = { setTimeout, clearTimeout };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const timers = new Map();
  let now = 0;
  let wall = Date.now();
  let last = 0;
  globalThis.setTimeout = (callback, delay = 0, ...args) => {
    timers.set(++last, { at: now + Math.max(0, delay), run: () => callback(...args) });
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
    /** Milliseconds since the clock was installed. */
    get elapsed() {
      return now;
    },
    /** Sets the machine's date ahead or back by this many milliseconds. */
    setDate(milliseconds) {
      wall += milliseconds;
    },
    /**
     * What a promise settles with (`{ value }` or `{ error }`), or `undefined` if it does not settle within this many
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
