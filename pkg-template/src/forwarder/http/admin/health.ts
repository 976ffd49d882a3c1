import { HttpError } from "../../message/http-error.js";
import type { Health } from "../../outbox/contract.js";
import { jsonResponse, type PlainResponse } from "../responses.js";
import { callOutbox, hasAdmin, type Service } from "../service.js";
import { authorize } from "./authorize.js";

/** `GET /health/live`: the process responds. It does not check the store: a restart would not repair it. */
export function live(request: Request): PlainResponse {
  assertReads(request);
  return jsonResponse(200, { ok: true });
}

/** `GET /health` and `GET /health/ready`: whether leads can be stored; with a token, also the outbox's state. */
export async function ready(request: Request, service: Service): Promise<PlainResponse> {
  assertReads(request);
  const authorized = request.headers.has("authorization") && hasAdmin(service.settings);
  if (authorized) await authorize(request, service);
  const { outbox, log } = service;
  let state: Health | undefined;
  let cause: string | undefined;
  const failed = (error: unknown) => {
    cause ??= (error instanceof HttpError && error.reason) || "unknown";
  };
  await callOutbox(log, outbox.ready()).catch(failed);
  // The state is readable even if the disk is full.
  if (cause !== "timeout") state = await callOutbox(log, outbox.health()).catch((error: unknown) => void failed(error));
  const ok = cause === undefined;
  const wrong = service.wrongOptions.size ? { wrongOptions: [...service.wrongOptions] } : {};
  const body = authorized ? { ok, ...(ok ? {} : { cause }), ...wrong, ...state } : { ok };
  return jsonResponse(ok ? 200 : 503, body, ok ? {} : { "retry-after": "5" });
}

function assertReads({ method }: Request): void {
  if (method !== "GET" && method !== "HEAD") throw new HttpError("method", { allow: "GET, HEAD" });
}
