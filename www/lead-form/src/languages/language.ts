/** The fields with a label in every language. */
export type DefaultField = "firstName" | "lastName" | "phone" | "email";

/** The fields with a label; those of `DefaultField` have one in every language. */
export type NamedField =
  | DefaultField
  | "salutation"
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
  | "leadDescription"
  | "visit";

/** A status message: a title and a text. */
export type Message = readonly [title: string, more: string];

/** All texts of the form in one language. A page can add its own. */
export interface Language {
  /** A value of `lang`. */
  readonly code: string;
  /** The writing direction. */
  readonly direction: "ltr" | "rtl";
  /** The labels of known fields. Labels missing in a custom language are in English. */
  readonly labels: Readonly<Record<DefaultField, string> & Partial<Record<NamedField, string>>>;
  /** Explains the mark of required fields. */
  readonly marked: string;
  /** The label of the country list beside a phone number. */
  readonly callingCode: string;
  /** The first entry of a list, without a value. English by default, as are the next two. */
  readonly choose?: string;
  /** The hint of a field with several values. */
  readonly several?: string;
  /** The title of the error summary, with the number of fields. */
  summary(count: number): string;
  /** The texts of a field's issues: errors and warnings. */
  readonly issues: {
    readonly missing: string;
    readonly unchecked?: string;
    readonly phone?: string;
    readonly email?: string;
    readonly other?: string;
  };
  /** Follows a warning: the value can be sent as it is. */
  readonly warningHint?: string;
  /** The submit button. */
  readonly submit: string;
  /** The submit button below a warning. */
  readonly sendAnyway: string;
  /** The submit button while a lead is being sent. */
  readonly sending: string;
  /** The lead is acknowledged. */
  readonly accepted?: Message;
  /** Stored on the device; will be sent automatically. */
  readonly queued: Message;
  /** Only in the page's memory; will be sent automatically. */
  readonly held: Message;
  /** Retries the stored lead. */
  readonly retry: string;
  /** The button that starts a new request. */
  readonly again: string;
  /**
   * The following texts are shown only after a submission. The form includes them in its own languages; if a custom
   * language omits them, they are in English.
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
