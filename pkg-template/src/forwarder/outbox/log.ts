/** Logs to the console what the operator should know; never anything about a visitor. */
export function logWarning(message: string): void {
  console.warn(`icloud-ready forwarder: ${message}`);
}
