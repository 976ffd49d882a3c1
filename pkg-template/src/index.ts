export { ICloudReady, type RequestInput } from "./client.js";
export { preload } from "./modules/client.js";
export type { WasmSource } from "./loading.js";
export type { CallOptions, CreateOptions } from "./settings.js";
export type { ClientOptions, RequestEvent, ResponseEvent, RetryEvent, WaitEvent } from "./state.js";
export type { Credential } from "./tokens.js";
export type { Page, List } from "./pages.js";
export type { BulkLeads, CreateManyOptions, CreateManyResult } from "./bulk.js";
export type * from "./generated/models.js";
export type { Batches, Customers, LeadActivities, LeadNotes, Leads, Opportunities } from "./generated/resources.js";
export {
  APIError,
  AbortError,
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  ICloudReadyError,
  InternalError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ResponseError,
  ServerError,
  TimeoutError,
  UnprocessableEntityError,
  ValidationError,
  isICloudReadyError,
  type Issue,
} from "./errors.js";
