// The contenders by the names of their files in clients/, with their names in the tables.
export const CLIENTS = {
  bare: "`fetch`, by hand",
  "icloud-ready": "icloud-ready",
  "openapi-fetch": "openapi-fetch",
  "postgrest-js": "postgrest-js",
  "supabase-js": "supabase-js",
  stripe: "stripe, rawRequest",
  "stripe-typed": "stripe, typed",
  openai: "openai",
  cloudflare: "cloudflare",
  ky: "ky",
  octokit: "octokit core",
};

/** The exports of a contender's file. */
export async function load(name) {
  const { default: connect } = await import(`./clients/${name}.mjs`);
  return connect;
}

/** The names in order, or reversed every other round, so that none always follows the same one. */
export function inTurns(names, round) {
  return round % 2 ? [...names].reverse() : names;
}
