import type { Inbox, OutboxOptions } from "./inbox.js";
// Stands in until the driver is merged.
export declare class Outbox implements Inbox {
  constructor(options: OutboxOptions);
  work(): Promise<void>;
  knock: Inbox["knock"];
  put: Inbox["put"];
  health: Inbox["health"];
  metrics: Inbox["metrics"];
  list: Inbox["list"];
  inspect: Inbox["inspect"];
  replay: Inbox["replay"];
  release: Inbox["release"];
  drop: Inbox["drop"];
  erase: Inbox["erase"];
  probe: Inbox["probe"];
  poke: Inbox["poke"];
}
