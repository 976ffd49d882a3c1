import type { ForwarderConfig } from "./config.js";
import type { Alert } from "./inbox.js";
import { report } from "./service.js";

/** Tells of what a person should look at: the option `onAlert`, else the console. */
export function alerting({ onAlert }: ForwarderConfig): (alert: Alert) => void {
  return (alert) => {
    if (!onAlert) return report(`alert: ${JSON.stringify(alert)}`);
    const failed = () => report(`alert: ${alert.kind}; onAlert failed`);
    try {
      Promise.resolve(onAlert(alert)).catch(failed);
    } catch {
      failed();
    }
  };
}
