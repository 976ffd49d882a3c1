import type { Language, Message } from "../languages/index.js";

/** The form's state. */
export type State = "editing" | "sending" | "accepted" | "queued" | "held" | "refused" | "rejected" | "challenge";

/** Returns the status message in a language. */
export type StatusMessage = (language: Language) => Message;
