import { Rejection } from "./responses.js";

/** The vendor's routes, copied by hand from its reference, and sign-in. */
export const ROUTES = {
  "leads.list": "GET /leads",
  "leads.create": "POST /leads",
  "leads.retrieve": "GET /leads/{id}",
  "leads.update": "PUT /leads/{id}",
  "leads.patch": "PATCH /leads/{id}",
  "leads.convert": "POST /leads/{id}/convert",
  "leads.delete": "DELETE /leads/deleted/{id}",
  "leads.notes.create": "POST /leads/{leadId}/notes",
  "leads.notes.update": "PUT /leads/{leadId}/notes/{noteId}",
  "leads.notes.delete": "DELETE /leads/{leadId}/notes/{noteId}",
  "leads.activities.create": "POST /leads/{leadId}/activities",
  "leads.activities.update": "PUT /leads/{leadId}/activities/{activityId}",
  "leads.activities.delete": "DELETE /leads/{leadId}/activities/{activityId}",
  "opportunities.list": "GET /opportunities",
  "opportunities.create": "POST /opportunities",
  "opportunities.retrieve": "GET /opportunities/{id}",
  "opportunities.update": "PUT /opportunities/{id}",
  "opportunities.patch": "PATCH /opportunities/{id}",
  "opportunities.delete": "DELETE /opportunities/deleted/{id}",
  "opportunities.createNoActivity": "POST /opportunities/no-activity-opportunities",
  "opportunities.updateMultiple": "PUT /opportunities/multiple",
  "batches.list": "GET /batches",
  "batches.create": "POST /batches",
  "batches.retrieve": "GET /batches/{id}",
  "batches.update": "PUT /batches/{id}",
  "batches.patch": "PATCH /batches/{id}",
  "batches.delete": "DELETE /batches/deleted/{id}",
  "customers.list": "GET /customers",
  "customers.create": "POST /customers",
  "customers.retrieve": "GET /customers/{id}",
  "customers.update": "PUT /customers/{id}",
  "customers.patch": "PATCH /customers/{id}",
  "customers.delete": "DELETE /customers/{id}",
  signIn: "POST /signin",
} as const;

/** An operation as errors and hooks name it, as in `leads.create`. */
export type TestOperation = keyof typeof ROUTES;

interface Pattern {
  segments: string[];
  operations: Map<string, TestOperation>;
}

const PATTERNS = patterns();

/** The paths of the table, those with a literal segment before those with a placeholder in its place. */
function patterns(): Pattern[] {
  const found = new Map<string, Pattern>();
  for (const [operation, route] of Object.entries(ROUTES) as [TestOperation, string][]) {
    const [method, path] = route.split(" ") as [string, string];
    // Placeholders differ in name only.
    const pattern = path.replace(/\{\w+\}/g, "{}");
    const { operations } = found.get(pattern) ?? { operations: new Map() };
    found.set(pattern, { segments: pattern.split("/"), operations: operations.set(method, operation) });
  }
  const order = ({ segments }: Pattern) => segments.map((segment) => (segment === "{}" ? 1 : 0)).join("");
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The operation of a request, if there is one, and the path's arguments, decoded. @internal */
export function matchRoute(method: string, path: string): { operation?: TestOperation; args: string[] } {
  const given = path.split("/");
  const match = PATTERNS.find(
    ({ segments }) =>
      segments.length === given.length &&
      segments.every((segment, index) => (segment === "{}" ? given[index] !== "" : segment === given[index])),
  );
  // A path belongs to its pattern whatever the method is: GET /opportunities/multiple reads no opportunity.
  const operation = match?.operations.get(method === "HEAD" ? "GET" : method);
  if (!match || !operation) return { args: [] };
  return { operation, args: given.filter((_, index) => match.segments[index] === "{}").map(decode) };
}

function decode(segment: string): string {
  return segment.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      throw new Rejection(400, "The path is not UTF-8");
    }
  });
}
