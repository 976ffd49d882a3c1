// Lead sources described as JSON, for workers, whose options cannot be functions.

/** The functions for the option `map`, by name. */
const MAPS = {
  throws() {
    throw new Error("a message that quotes Secretperson");
  },
  null: () => null,
  nonsense: () => "no lead",
  nothing() {},
  async promise() {
    throw new Error("asynchronous");
  },
  phoneless: (lead) => ({ ...lead, leadInformation: { ...lead.leadInformation, phone: undefined } }),
  owned: (lead, event) => ({ ...lead, leadOwner: event.source, customField: "mine" }),
};

/**
 * Creates the option `sources` from `{ name: { kind, map?, verify?, id?, … } }` with `kinds`, the functions of
 * `icloud-ready/forwarder/sources`. `map` is a name above or a function, `verify` is `{ method, arguments }`, and `id`
 * names a member of the event.
 */
export function describedSources(kinds, described) {
  if (described === undefined) return undefined;
  const entries = Object.entries(described).map(([name, { kind, map, verify, id, ...options }]) => [
    name,
    kinds[kind]({
      ...options,
      ...(map === undefined ? {} : { map: typeof map === "function" ? map : MAPS[map] }),
      ...(verify === undefined ? {} : { verify: kinds[verify.method](...verify.arguments) }),
      ...(id === undefined ? {} : { id: (event) => event[id] }),
    }),
  ]);
  return Object.fromEntries(entries);
}
