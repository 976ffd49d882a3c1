import { OPERATION_ROUTES } from "./generated/routes.js";
import { Rejection } from "./responses.js";

/** The methods and paths of the client's operations, and of sign-in. */
export const ROUTES = { ...OPERATION_ROUTES, signIn: "POST /signin" } as const;

/** The name of an operation as in errors and hooks, such as `leads.create`. */
export type TestOperation = keyof typeof ROUTES;

interface Pattern {
  segments: string[];
  operations: Map<string, TestOperation>;
}

const PATTERNS = patterns();

/** The path patterns; literal segments precede placeholders at the same position. */
function patterns(): Pattern[] {
  const found = new Map<string, Pattern>();
  for (const [operation, route] of Object.entries(ROUTES) as [TestOperation, string][]) {
    const [method, path] = route.split(" ") as [string, string];
    // Placeholders differ only in name.
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
  // A path matches its pattern independently of the method: GET /opportunities/multiple does not read an opportunity.
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
