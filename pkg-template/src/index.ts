export { ICloudReady, type Environment, type RequestInput } from "./client/icloud-ready.js";
export { preload } from "./loader/modules/client.js";
export type { WasmSource } from "./loader/loading.js";
export type { CallOptions, CreateOptions } from "./client/settings.js";
export type { ClientOptions, RequestEvent, ResponseEvent, RetryEvent, WaitEvent } from "./client/context.js";
export type { Credential } from "./client/credentials.js";
export type { Page, List } from "./client/list.js";
export type { BulkLeads, CreateManyOptions, CreateManyResult } from "./client/create-many.js";
export type * from "./base/generated/models.js";
export type {
  Batches,
  Customers,
  LeadActivities,
  LeadNotes,
  Leads,
  Opportunities,
} from "./client/generated/resources.js";
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
} from "./base/errors.js";
export type { ErrorCode } from "./base/generated/codes.js";
