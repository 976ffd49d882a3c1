import { sleep } from "./timer.js";

/** The origins, and `wasm-eval`, that the page's Content-Security-Policy blocks. */
const blocked = new Set<string>();

const WASM = "wasm-eval";

/** The maximum delay between a failed request and the violation report. */
const REPORT_DELAY_MS = 50;

addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective, disposition }) => {
  if (disposition !== "enforce") return;
  if (effectiveDirective === "connect-src" || blockedURI === WASM) blocked.add(originOf(blockedURI));
});

/** Why the page can never reach a URL, regardless of the network. */
export type Forbidden = "csp" | "mixed";

/** Why the page, not the network, blocks requests to a URL. Call it after a request failed. */
export async function whyForbidden(address: string): Promise<Forbidden | undefined> {
  // Browsers differ on mixed content from `localhost`: only the CSP is checked.
  const { protocol, hostname } = new URL(address);
  if (location.protocol === "https:" && protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(hostname))
    return "mixed";
  return (await isBlocked(originOf(address))) ? "csp" : undefined;
}

/** Whether the page's CSP forbids WebAssembly. Call it after a module failed to load. */
export const isWasmForbidden = (): Promise<boolean> => isBlocked(WASM);

async function isBlocked(what: string): Promise<boolean> {
  await sleep(REPORT_DELAY_MS);
  return blocked.has(what);
}

function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return address;
  }
}
