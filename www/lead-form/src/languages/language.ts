/** The fields that every language has a label for. */
export type NamedField =
  | "salutation"
  | "firstName"
  | "lastName"
  | "phone"
  | "email"
  | "title"
  | "company"
  | "address"
  | "street"
  | "city"
  | "zip"
  | "country"
  | "additionalPhones"
  | "additionalEmails"
  | "interests"
  | "dealSize"
  | "budget"
  | "region"
  | "unitId"
  | "leadDescription";

/** A status message: a title and a text. */
export type Message = readonly [title: string, more: string];

/** All texts of the form in one language. A page can add its own. */
export interface Language {
  /** A value of `lang`. */
  readonly code: string;
  /** The writing direction. */
  readonly direction: "ltr" | "rtl";
  /** The labels of known fields. */
  readonly labels: Readonly<Record<NamedField, string>>;
  /** Explains the mark of required fields. */
  readonly marked: string;
  /** The label of the country list beside a phone number. */
  readonly callingCode: string;
  /** The first entry of a list, without a value. */
  readonly choose: string;
  /** The hint of a field with several values. */
  readonly several: string;
  /** The title of the error summary, with the number of fields. */
  summary(count: number): string;
  /** The errors of a field. */
  readonly faults: {
    missing(label: string): string;
    readonly unticked: string;
    readonly phone: string;
    readonly email: string;
    readonly other: string;
  };
  /** Follows a warning: the value can be sent as it is. */
  readonly doubt: string;
  /** The submit button. */
  readonly submit: string;
  /** The submit button below a warning. */
  readonly sendAnyway: string;
  /** The submit button while a lead is being sent. */
  readonly sending: string;
  /** The lead is acknowledged. */
  readonly accepted: Message;
  /** Stored on the device; will be sent automatically. */
  readonly queued: Message;
  /** Only in the page; will be sent automatically. */
  readonly held: Message;
  /** Retries the stored lead. */
  readonly retry: string;
  /** The button that starts a new request. */
  readonly again: string;
  /**
   * The rest is shown only after something was sent. The form has it in its own languages; for another language that
   * omits it, the form shows English.
   */
  /** The site is misconfigured; the lead is stored on the device. */
  readonly refused?: Message;
  /** The site is misconfigured; the lead is only in the page. */
  readonly refusedHeld?: Message;
  /** The challenge failed. */
  readonly challenge?: Message;
  /** Several attempts failed; stored on the device. Default `queued`. */
  readonly delayed?: Message;
  /** Several attempts failed; only in the page. Default `held`. */
  readonly delayedHeld?: Message;
  /** Too long: not queued, and still in the form. */
  readonly tooLong?: Message;
  /** Rejected, but not because of one field: not queued, and still in the form. */
  readonly rejected?: Message;
  /** About a request of an earlier visit. */
  readonly earlier?: {
    readonly queued: string;
    readonly accepted: string;
    readonly check: string;
    expired(date: string): string;
  };
}
