// The package's types in use. Compiled, never run: each line marked as an error must be one.

import {
  APIError,
  type CallOptions,
  type CreateManyResult,
  type DocumentEntry,
  type ErrorCode,
  ICloudReady,
  isICloudReadyError,
  type Issue,
  type Lead,
  type ListQuery,
  type NewLead,
  type Page,
  ValidationError,
} from "icloud-ready";
import wasm from "icloud-ready/icloud-ready.wasm";
import { ICloudReady as SlimICloudReady } from "icloud-ready/slim";
import { createTestCRM, createTestList, type TestCRM, type TestFault } from "icloud-ready/testing";
import { validateLead } from "icloud-ready/validation";

declare module "icloud-ready" {
  interface NewLead {
    projectCode?: string;
  }
}

/** A worker's bindings. */
interface Env {
  ICLOUDREADY_API_KEY: string;
  ICLOUDREADY_ORGANIZATION_ID?: string;
  LEADS: { get(key: string): Promise<string | null> };
}
declare const env: Env;
declare const variables: Record<string, string | undefined>;
for (const given of [env, variables]) ICloudReady.fromEnv(given, { maxRetries: 0 });
// @ts-expect-error: a key is text
ICloudReady.fromEnv({ ICLOUDREADY_API_KEY: env.LEADS });
// @ts-expect-error: it has none of the variables
ICloudReady.fromEnv(env.LEADS);

const crm = new ICloudReady({ accessToken: async () => "token", maxRetries: 0 });
new ICloudReady({ apiKey: "key", organizationId: "686f894eaf67193dd6e124ce", rateLimit: false });
const sibling: ICloudReady = crm.withOptions({ timeout: 1_000 });

for (const wasmInput of [wasm, new Uint8Array(), new URL("https://example.com"), Promise.resolve(wasm)]) {
  new SlimICloudReady({ accessToken: "token", wasm: wasmInput });
}
new ICloudReady({
  accessToken: () => "token",
  onRequest: ({ operation, method, route, attempt }) => void [operation, method, route, attempt],
  onResponse: ({ status, headers, durationMs }) => void [status + durationMs, headers.get("etag")],
  onRetry: ({ reason, delayMs }) => void [reason satisfies "status" | "connection" | "timeout" | "reconcile", delayMs],
  logger: console,
  fetchOptions: { dispatcher: {}, cache: "force-cache" },
});
// @ts-expect-error: misspelled
new ICloudReady({ acessToken: "token" });
// @ts-expect-error: a number
new ICloudReady({ accessToken: "token", timeout: "5s" });
// @ts-expect-error: `max` is required
void crm.leads.list().toArray();
// @ts-expect-error: events are read-only
new ICloudReady({ onRequest: (event) => (event.attempt = 2) });

export async function creating(signal: AbortSignal): Promise<void> {
  const person: NewLead = { leadInformation: { firstName: "Ahmed", phone: "+201001234567" } };
  const lead: Lead = await crm.leads.create(person, { signal, submissionId: "form-2026-0001" });
  await crm.leads.create({ ...person, notes: ["a", { text: "b" }], projectCode: "P1" });
  // @ts-expect-error: the telephone number is required
  await crm.leads.create({ leadInformation: { firstName: "Ahmed" } });
  // @ts-expect-error: misspelled
  await crm.leads.create({ ...person, leadRatting: 4 });
  // @ts-expect-error: inputs have `leadType`
  await crm.leads.create({ ...person, leadtype: "buying" });
  // @ts-expect-error: a new lead has nothing to clear
  await crm.leads.create({ leadInformation: { firstName: null, phone: "+201001234567" } });
  // @ts-expect-error: only creating a lead takes a submission id
  await crm.batches.create({}, { submissionId: "form-2026-0001" });
  // Optional members may be `undefined`, also in projects with `exactOptionalPropertyTypes`.
  const maybe: string | undefined = lead.uid ?? undefined;
  await crm.leads.create({ leadInformation: { ...person.leadInformation, email: maybe }, leadSource: maybe });
  await crm.leads.patch("id", { leadInformation: undefined, leadOwner: maybe });
  crm.leads.list({ q: maybe });
  const id: string = lead._id;
  await sibling.leads.delete(id);
}

export async function reading(query: ListQuery): Promise<void> {
  const lead = await crm.leads.retrieve("68a1e37a0aac680028914bc2");
  const spellings: (string | null | undefined)[] = [lead.leadType, lead.leadtype, lead.projectCode];
  const phone: string | null | undefined = lead.leadInformation?.phone;
  const city: string | null | undefined = lead.leadInformation?.address?.city;
  const undocumented: unknown[] = [lead["newField"], lead.leadInformation?.["newField"]];
  lead.activityLog?.[0]?.activityNumber satisfies string | number | null | undefined;
  // @ts-expect-error: any field but the id may be missing or null
  const rating: number = lead.leadRating;
  // Parameters that are not documented are sent too.
  crm.leads.list({ stage: "new", archived: false, score: 4, order: "asc", sortBy: "leadNumber", fields: "uid,phone" });
  // @ts-expect-error: a number
  crm.leads.list({ limit: "10" });
  // @ts-expect-error: no parameter is an object
  crm.leads.list({ stage: { name: "new" } });

  const page: Page<Lead> = await crm.leads.list(query);
  const one: Page<Lead> | number = await crm.leads.list().catch(() => 1);
  await crm.leads.list().finally(() => void one);
  const next: Page<Lead> | null = await page.getNextPage();
  for await (const { leadNumber } of crm.leads.list({ limit: 100 })) leadNumber satisfies unknown;
  const some: Lead[] = await crm.leads.list().toArray({ max: 10 });
  void [spellings, phone, city, undocumented, rating, next, some];
}

export async function changing(): Promise<void> {
  const lead = await crm.leads.retrieve("68a1e37a0aac680028914bc2");
  const opportunity = await crm.opportunities.retrieve("68a1e37a0aac680028914bc2");
  const batch = await crm.batches.retrieve("68a1e37a0aac680028914bc2");
  const customer = await crm.customers.retrieve("68a1e37a0aac680028914bc2");
  // A record that was read can be sent back.
  await crm.leads.update(lead._id, lead);
  await crm.opportunities.update(opportunity._id, opportunity);
  await crm.batches.update(batch._id, batch);
  await crm.customers.update(customer._id, customer);

  await crm.leads.patch(lead._id, { leadOwner: null, leadInformation: { email: null } });
  await crm.leads.patch(lead._id, { activityLog: [{ activity: null }], projectCode: null });
  // @ts-expect-error: misspelled, one level down
  await crm.leads.patch(lead._id, { leadInformation: { emial: null } });
  // @ts-expect-error: misspelled, in an array
  await crm.leads.patch(lead._id, { activityLog: [{ activty: "Call" }] });
  // @ts-expect-error: a number
  await crm.leads.patch(lead._id, { leadRating: "4" });

  await crm.leads.notes.create(lead._id, { text: "called back" });
  await crm.leads.activities.update(lead._id, "1", { activityDate: "2026-11-22" });
  await crm.leads.convert(lead._id);
  const many = await crm.opportunities.updateMultiple([{ id: 1 }]);
  // @ts-expect-error: may be null or undefined
  many.toString();
  // @ts-expect-error: takes an id
  await crm.customers.delete();
}

export async function inBulk(leads: AsyncIterable<NewLead>): Promise<void> {
  const { signal } = new AbortController();
  const call: CallOptions = { signal, timeout: 1, totalTimeout: 2, maxRetries: 0, headers: {}, onResponse: () => {} };
  crm.leads.createMany(leads, { ...call, submissionId: (_, index) => `lead-${index}`, checkExisting: true });
  // @ts-expect-error: each lead has an id of its own
  crm.leads.createMany(leads, { submissionId: "form-2026-0001" });
  for await (const result of crm.leads.createMany(leads, { concurrency: 2 })) {
    result satisfies CreateManyResult;
    if (result.status === "created") result.lead._id satisfies string;
    else result.error.ambiguous satisfies boolean;
  }
}

export async function others(): Promise<void> {
  await crm.request({ method: "GET", path: "/stages/{id}", params: { id: "1" }, query: { limit: 1 } });
  // @ts-expect-error: unknown method
  await crm.request({ method: "TRACE", path: "/stages" });
}

export function failing(error: unknown): readonly Issue[] | number | undefined {
  if (error instanceof ValidationError) return error.issues;
  if (error instanceof APIError) return error.status;
  if (isICloudReadyError(error)) error.code satisfies string;
  return undefined;
}

export function testing(lead: Lead): TestCRM {
  const test = createTestCRM({
    leads: [lead, { _id: "1", createdAt: "2026-01-02T09:00:00Z", projectCode: "P1", leadOwner: null }],
    customers: [{ name: "A", isCompany: true }],
    now: () => new Date(),
    envelope: { path: "data" },
    credentials: [{ apiKey: "key", role: "create-only" }],
  });
  // @ts-expect-error: misspelled
  createTestCRM({ leads: [{ leadSuorce: "website" }] });
  // @ts-expect-error: misspelled, one level down
  createTestCRM({ leads: [{ leadInformation: { fristName: "A" } }] });
  // @ts-expect-error: a number
  createTestCRM({ leads: [{ leadRating: "4" }] });
  // @ts-expect-error: misspelled
  createTestCRM({ lead: [] });
  // @ts-expect-error: not one of the shapes
  createTestCRM({ errorShape: "xml" });
  new ICloudReady({ accessToken: "token", fetch: test.fetch });
  const end: () => void = test.fail({ status: 503, retryAfter: 1, when: "after", times: 2, operation: "leads.create" });
  const faults: TestFault[] = [{ status: 302, headers: { location: "/" } }, { error: "connection" }];
  // @ts-expect-error: either a status or an error
  test.fail({ status: 503, error: "timeout" });
  // @ts-expect-error: neither a status nor an error
  test.fail({ times: 2 });
  // @ts-expect-error: only a response has the header
  test.fail({ error: "connection", retryAfter: 1 });
  // @ts-expect-error: unknown operation
  test.fail({ status: 503, operation: "lead.create" });
  // @ts-expect-error: read only
  test.leads = [];
  const ids: string[] = test.leads.map(({ _id }) => _id);
  const lists: ReturnType<typeof crm.leads.list>[] = [createTestList([lead])];
  // @ts-expect-error: a list of another type
  lists.push(createTestList([{ name: 1 }]));
  void [end, faults, ids, lists, test.requests[0]?.query["limit"]];
  return test;
}

export async function checking(lead: unknown): Promise<Issue[]> {
  const issues = await validateLead(lead);
  issues.every(
    ({ code }) =>
      code satisfies
        | "required"
        | "type"
        | "integer"
        | "json"
        | "conflict"
        | "format"
        | "phone"
        | "email"
        | "date"
        | "spelling"
        | "precision",
  );
  return issues;
}

/** The compiler checks a switch over the codes. */
export function isWorthRetrying(error: unknown): boolean {
  if (!isICloudReadyError(error)) return false;
  const code: ErrorCode = error.code;
  // @ts-expect-error no error has this code
  if (code === "rate_limited") return true;
  return code === "rate_limit" || code === "connection";
}

export const contract: DocumentEntry = { uploadDate: "2026-01-31", fileUrl: "https://files.example/contract.pdf" };
