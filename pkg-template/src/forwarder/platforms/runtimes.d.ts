// The used parts of runtime APIs. The runtimes' own type packages would declare all their globals.

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
  export interface Socket {
    readonly remoteAddress?: string;
    on(event: "close", listener: () => void): void;
    end?(): void;
    destroy(): void;
  }
  export interface IncomingMessage {
    readonly method?: string;
    readonly url?: string;
    readonly rawHeaders: string[];
    readonly headers: { host?: string };
    readonly complete: boolean;
    readonly socket: Socket;
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
    maxConnections: number;
    listen(port: number, host: string, listening: () => void): void;
    once(event: "error", listener: (error: Error) => void): void;
    address(): { port: number };
    close(closed: () => void): void;
    closeIdleConnections?(): void;
    closeAllConnections?(): void;
    on(event: "connection", listener: (socket: Socket) => void): void;
  }
  export function createServer(listener: (request: IncomingMessage, response: ServerResponse) => void): Server;
}

declare module "node:fs" {
  export function statSync(
    path: string,
    options: { throwIfNoEntry: false },
  ): { dev: number; ino: number; size: number } | undefined;
  export function openSync(path: string, flags: string, mode?: number): number;
  export function closeSync(handle: number): void;
  export function fsyncSync(handle: number): void;
  export function renameSync(from: string, to: string): void;
  export function writeFileSync(path: string, bytes: Uint8Array): void;
  export function rmSync(path: string, options: { force: boolean }): void;
}

declare module "node:fs/promises" {
  export interface FileHandle {
    chmod(mode: number): Promise<void>;
    read(
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ): Promise<{ bytesRead: number; buffer: Uint8Array }>;
    close(): Promise<void>;
  }
  export function open(path: string, flags: string, mode?: number): Promise<FileHandle>;
}
