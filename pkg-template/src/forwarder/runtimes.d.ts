// The little that is used of runtimes whose own types would bring all their globals along.

declare module "cloudflare:workers" {
  export class DurableObject<Env = unknown> {
    protected ctx: DurableObjectState;
    protected env: Env;
    constructor(ctx: DurableObjectState, env: Env);
  }
}

interface DurableObjectState {
  readonly storage: DurableObjectStorage;
  blockConcurrencyWhile<T>(callback: () => Promise<T>): Promise<T>;
}

interface DurableObjectStorage {
  readonly sql: { exec(sql: string, ...params: unknown[]): { toArray(): Record<string, string | number | null>[] } };
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  getAlarm(): Promise<number | null>;
  setAlarm(time: number): Promise<void>;
}

declare module "node:http" {
  export interface IncomingMessage {
    readonly method?: string;
    readonly url?: string;
    readonly rawHeaders: string[];
    readonly headers: { host?: string };
    readonly complete: boolean;
    readonly socket: { readonly remoteAddress?: string; destroy(): void };
    on(event: string, listener: (value: any) => void): void;
    pause(): void;
    resume(): void;
  }
  export interface ServerResponse {
    writeHead(status: number, headers: Record<string, string>): void;
    end(body?: Uint8Array): void;
    on(event: string, listener: () => void): void;
    destroy(): void;
  }
  export interface Server {
    requestTimeout: number;
    listen(port: number, host: string, listening: () => void): void;
    once(event: "error", listener: (error: Error) => void): void;
    address(): { port: number };
    close(closed: () => void): void;
    closeIdleConnections?(): void;
  }
  export function createServer(listener: (request: IncomingMessage, response: ServerResponse) => void): Server;
}

declare module "node:fs/promises" {
  export function open(path: string, flags: string, mode: number): Promise<{ chmod(mode: number): Promise<void>; close(): Promise<void> }>;
}
