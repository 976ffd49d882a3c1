// Values that break code which expects values to behave normally.
import { createContext, runInContext } from "node:vm";

const traps = [
  "get",
  "has",
  "ownKeys",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "set",
  "defineProperty",
  "isExtensible",
  "apply",
  "construct",
];
const throwing = (what) =>
  Object.fromEntries(
    traps.map((trap) => [
      trap,
      () => {
        throw what;
      },
    ]),
  );

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const cycle = { leadInformation: {} };
cycle.leadInformation.back = cycle;

const realm = createContext({});
const foreign = (code) => runInContext(code, realm);

const throws = () => {
  throw new Error("thrown by a hostile value");
};

/** Created for each use, since some keep their state. */
export const hostileValues = () => ({
  undefined: undefined,
  null: null,
  "a number": 5,
  NaN: NaN,
  "a BigInt": 10n,
  "a symbol": Symbol("s"),
  "a boolean": true,
  "an empty string": "",
  "a long string": "x".repeat(100_000),
  "a function": () => {},
  "a class": class {},
  "an array": [],
  "a sparse array": Object.assign(new Array(3), { 2: 1 }),
  "an object": {},
  "a frozen object": Object.freeze({ leadInformation: Object.freeze({}) }),
  "no prototype": Object.assign(Object.create(null), { a: 1 }),
  "an invalid date": new Date(NaN),
  "a map": new Map([["a", 1]]),
  "a promise": Promise.resolve({}),
  "a response": new Response("x"),
  headers: new Headers({ a: "b" }),
  bytes: new Uint8Array(4),
  "a proxy that throws errors": new Proxy({}, throwing(new Error("from a trap"))),
  "a proxy that throws nothing": new Proxy({}, throwing(undefined)),
  "a proxy that throws a revoked proxy": new Proxy({}, throwing(revoked({}))),
  "an array proxy that throws": new Proxy([], throwing(new Error("from a trap"))),
  "a function proxy that throws": new Proxy(() => {}, throwing(new Error("from a trap"))),
  "a revoked proxy": revoked({}),
  "a revoked array": revoked([]),
  "a revoked function": revoked(() => {}),
  "a cycle": cycle,
  "a throwing getter": Object.defineProperty({}, "leadInformation", { enumerable: true, get: throws }),
  "a throwing getter deep within": {
    leadInformation: {
      get firstName() {
        throw null;
      },
    },
  },
  "a BigInt deep within": { leadInformation: { firstName: 1n } },
  "a throwing toJSON": { toJSON: throws },
  "a toJSON that returns undefined": { toJSON: () => undefined },
  "a throwing toString": { toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws },
  "a thenable that throws": {
    get then() {
      throw new Error("from then");
    },
  },
  "an iterable that throws": { [Symbol.iterator]: throws },
  "a foreign object": foreign("({ leadInformation: { firstName: 'A', phone: '+201001234567' } })"),
  "a foreign array": foreign("[1, 2]"),
  "a foreign function": foreign("() => { throw new Error('foreign') }"),
  "a foreign proxy": foreign("new Proxy({}, { get() { throw 1 }, ownKeys() { throw 1 } })"),
  "a foreign date": foreign("new Date(0)"),
  "an AbortSignal's look-alike": { aborted: false, reason: 1 },
  "a proxy of an AbortSignal": new Proxy(new AbortController().signal, {}),
  "the global object": globalThis,
});
