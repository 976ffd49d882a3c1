/** The fields that every language has a name for. */
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

/** What the form says of a request: a title and a line more. */
export type Said = readonly [title: string, more: string];

/** All that the form says, in one language. A page can bring its own. */
export interface Language {
  /** As `lang` takes it. */
  readonly code: string;
  /** Which way it is written. */
  readonly direction: "ltr" | "rtl";
  /** What the fields are called. */
  readonly labels: Readonly<Record<NamedField, string>>;
  /** Explains the mark at the fields that must be filled in. */
  readonly marked: string;
  /** The label of the list of countries beside a phone number. */
  readonly callingCode: string;
  /** The first entry of a list: nothing chosen yet. */
  readonly choose: string;
  /** Below a field that takes several values. */
  readonly several: string;
  /** Above the form, with the number of fields that are wrong. */
  summary(count: number): string;
  /** What is wrong with a field. */
  readonly faults: {
    missing(label: string): string;
    readonly unticked: string;
    readonly phone: string;
    readonly email: string;
    readonly number: string;
    readonly other: string;
  };
  /** Added to what is doubtful: it may be right, and can be sent as it is. */
  readonly doubt: string;
  /** The button. */
  readonly submit: string;
  /** The button below a doubt. */
  readonly sendAnyway: string;
  /** The button while a lead is being sent. */
  readonly sending: string;
  /** In safe hands. */
  readonly accepted: Said;
  /** Kept on the device, sent as soon as it can be. */
  readonly queued: Said;
  /** Kept in the page alone. */
  readonly held: Said;
  /** Refused for a reason the visitor can do nothing about; kept all the same. */
  readonly refused: Said;
  /** The proof that a person is there failed. */
  readonly challenge: Said;
  /** Sends what is kept once more. */
  readonly retry: string;
  /** Begins a new request. */
  readonly again: string;
  /** Of a request made on an earlier visit. */
  readonly earlier: {
    readonly queued: string;
    readonly accepted: string;
    readonly check: string;
    expired(date: string): string;
  };
}
