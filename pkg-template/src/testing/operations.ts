import type { TestCRMOptions } from "./options.js";
import type { Caller, AcceptedCredentials } from "./credentials.js";
import { depthOf, isRecord, type JsonRecord, setPath, toRecord } from "./json.js";
import { listRecords } from "./listing.js";
import { emptyReply, jsonReply, notFound, Rejection, type Reply } from "./responses.js";
import type { TestOperation } from "./routes.js";
import { isServerSet, type Resource, type RecordStore, withoutServerSet } from "./store.js";

const MAX_DEPTH = 500;

/** A request, parsed for the operations. @internal */
export interface Call {
  method: string;
  headers: Headers;
  query: URLSearchParams;
  body: Uint8Array;
  operation: TestOperation | undefined;
  args: string[];
}

/** The context of an operation. @internal */
export interface Context {
  call: Call;
  store: RecordStore;
  credentials: AcceptedCredentials;
  options: TestCRMOptions;
  now: number;
}

/** Runs an operation for an authorized caller. @internal */
export function perform(context: Context, operation: TestOperation, caller: Caller): Reply {
  const { call, store, options, now } = context;
  const names = operation.split(".");
  const [resource, action] = [names[0] as Resource, names.at(-1)];
  if (names.length === 3) return performOnPart(context, names[1] === "notes" ? "notes" : "activityLog", action!);
  const [id = ""] = call.args;
  const change = (apply: (record: JsonRecord) => void): Reply => {
    const record = store.get(resource, id);
    if (!record) throw notFound();
    apply(record);
    return written(options, touch(record, now));
  };
  const create = () => {
    const fields = readObject(call);
    if (resource === "leads") checkLead(fields);
    return created(options, store.create(resource, fields, caller.organizationId, now));
  };
  switch (action) {
    case "list":
      return list(context, resource);
    case "create":
      return create();
    case "createNoActivity": {
      const reply = create();
      return options.emptyResponses ? emptyReply(options.emptyResponses) : reply;
    }
    case "retrieve":
      return jsonReply(200, store.get(resource, id) ?? raise(notFound()));
    case "update": {
      const sent = withoutServerSet(resource, readObject(call));
      return change((record) => {
        for (const name of Object.keys(record)) if (!isServerSet(resource, name)) delete record[name];
        Object.assign(record, sent);
      });
    }
    case "patch": {
      const sent = readObject(call);
      return change((record) => merge(resource, record, sent));
    }
    case "convert": {
      // The meaning of the optional body is not documented.
      const body = readJson(call);
      if (body !== undefined) asObject(body);
      return change((record) => void (record["converted"] = true));
    }
    case "delete": {
      const record = store.get(resource, id) ?? raise(notFound());
      if (resource === "leads") Object.assign(record, { deleted: true, deletedAt: new Date(now).toISOString() });
      store.delete(resource, id);
      return written(options, record);
    }
    case "updateMultiple":
      return updateMultiple(context);
    default:
      throw notFound();
  }
}

/** Signs a user in. @internal */
export function signIn({ call, credentials, options }: Context): Reply {
  const { key = "accessToken", in: parent } = options.signInShape ?? {};
  const reply = toRecord();
  setPath(reply, parent ? `${parent}.${key}` : key, credentials.signIn(readObject(call)));
  return jsonReply(200, reply);
}

function list({ call, store, options }: Context, resource: Resource): Reply {
  const { records, total } = listRecords(store.all(resource), call.query, options);
  const { envelope = "array" } = options;
  if (envelope === "array") return jsonReply(200, records);
  const body = toRecord(envelope.extra);
  if (envelope.total) setPath(body, envelope.total, total);
  setPath(body, envelope.path.replaceAll("{resource}", resource), records);
  return jsonReply(200, body);
}

function updateMultiple({ call, store, options, now }: Context): Reply {
  const body = readJson(call);
  if (body === undefined) throw new Rejection(400, "The body is missing");
  const ids: string[] = [];
  for (const sent of (Array.isArray(body) ? body : [body]).map(asObject)) {
    const id = sent["_id"];
    const record = typeof id === "string" ? store.get("opportunities", id) : undefined;
    if (!record) continue;
    merge("opportunities", record, sent);
    touch(record, now);
    ids.push(id as string);
  }
  return written(options, { modifiedCount: ids.length, ids });
}

/** Notes and activities: objects with an `_id` in an array of their lead, which may also contain strings. */
function performOnPart({ call, store, options, now }: Context, array: string, action: string): Reply {
  const [leadId = "", partId] = call.args;
  const sent = action === "delete" ? toRecord() : readObject(call);
  const lead = store.get("leads", leadId) ?? raise(notFound());
  // An update may have set the field to any value; one that is not an array is replaced.
  const parts: unknown[] = Array.isArray(lead[array]) ? [...lead[array]] : [];
  const time = new Date(now).toISOString();
  let part = sent;
  if (action === "create") {
    Object.assign(part, { _id: store.newId(), createdAt: time, updatedAt: time });
    parts.push(part);
  } else {
    const index = parts.findIndex((part) => isRecord(part) && part["_id"] === partId);
    if (index < 0) throw notFound();
    const former = parts[index] as JsonRecord;
    if (action === "delete") {
      part = former;
      parts.splice(index, 1);
    } else {
      for (const name of ["_id", "createdAt"]) if (Object.hasOwn(former, name)) part[name] = former[name];
      part["updatedAt"] = time;
      parts[index] = part;
    }
  }
  lead[array] = parts;
  touch(lead, now);
  return action === "create" && !options.emptyResponses ? created(options, part) : written(options, part);
}

const created = ({ createdStatus = 200 }: TestCRMOptions, record: JsonRecord) => jsonReply(createdStatus, record);

/** The response to a write that need not return a record. */
function written({ emptyResponses }: TestCRMOptions, value: unknown): Reply {
  return emptyResponses ? emptyReply(emptyResponses) : jsonReply(200, value);
}

function touch(record: JsonRecord, now: number): JsonRecord {
  record["updatedAt"] = new Date(now).toISOString();
  return record;
}

/** Sets the sent fields; in a lead's `leadInformation`, the sent members. */
function merge(resource: Resource, record: JsonRecord, sent: JsonRecord): void {
  const changes = withoutServerSet(resource, sent);
  const [former, information] = [record["leadInformation"], changes["leadInformation"]];
  if (resource === "leads" && isRecord(former) && isRecord(information)) {
    changes["leadInformation"] = Object.assign(toRecord(former), information);
  }
  Object.assign(record, changes);
}

/** The only validation that the vendor documents. */
function checkLead(lead: JsonRecord): void {
  const information = isRecord(lead["leadInformation"]) ? lead["leadInformation"] : {};
  for (const name of ["firstName", "phone"]) {
    const value = Object.hasOwn(information, name) ? information[name] : undefined;
    if (typeof value !== "string" || !/\P{White_Space}/u.test(value)) {
      throw new Rejection(400, `leadInformation.${name} is required`);
    }
  }
}

/** The body as a JSON value; `undefined` if it is empty. */
function readJson({ headers, body }: Call): unknown {
  if (body.length === 0) return undefined;
  const [media = ""] = (headers.get("content-type") ?? "").split(";");
  if (media.trim().toLowerCase() !== "application/json") {
    throw new Rejection(400, "The content-type is not application/json");
  }
  const [value, text] = parse(body);
  if (depthOf(text) > MAX_DEPTH) throw new Rejection(400, "The body is nested too deeply");
  return value;
}

function parse(body: Uint8Array): [value: unknown, text: string] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return [JSON.parse(text), text];
  } catch {
    throw new Rejection(400, "The body is not valid JSON");
  }
}

function readObject(call: Call): JsonRecord {
  const value = readJson(call);
  if (value === undefined) throw new Rejection(400, "The body is missing");
  return asObject(value);
}

function asObject(value: unknown): JsonRecord {
  if (!isRecord(value)) throw new Rejection(400, "The body is not a JSON object");
  return toRecord(value);
}

function raise(rejection: Rejection): never {
  throw rejection;
}
