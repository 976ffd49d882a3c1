/** What the package's checks give; they come with their own wasm, on the first call. */
declare module "icloud-ready/validation" {
  export function validateLead(lead: unknown): Promise<{ path: string; code: string; severity: "error" | "warning" }[]>;
  export function parsePhone(
    text: string,
    country?: string,
  ): Promise<{ e164?: string; country?: string; check: "strict" | "possible" | "raw" }>;
}
