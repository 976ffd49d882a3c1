import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from "react";
import type {
  AttributionMode,
  FormSchema,
  ICloudReadyLeadForm,
  LeadAcceptedEvent,
  LeadClient,
  LeadDialogEvent,
  LeadErrorEvent,
  LeadQueuedEvent,
  LeadStepEvent,
  LeadSubmitEvent,
} from "../lead-form/types/element.js";

export type {
  AttributionMode,
  FormSchema,
  ICloudReadyLeadForm,
  LeadAcceptedEvent,
  LeadClient,
  LeadDialogEvent,
  LeadErrorEvent,
  LeadQueuedEvent,
  LeadStepEvent,
  LeadSubmitEvent,
};

/** The props of `LeadForm`: the element's attributes and properties, its events, and every HTML attribute. */
export interface LeadFormProps extends HTMLAttributes<ICloudReadyLeadForm> {
  /** The forwarder's URL. Default: the action of the form inside, else `/leads`. */
  endpoint?: string | undefined;
  /** `ar`, `en`, `fr` or a language that the page added. Default: the inherited `lang`. */
  locale?: string | undefined;
  /** The country of numbers without a calling code, such as `EG`. */
  country?: string | undefined;
  /** The fields, by name. Default `firstName lastName phone email`. */
  fields?: string | undefined;
  /** The fields with their options, or the same as JSON. */
  schema?: FormSchema | string | null | undefined;
  /** Where the form is shown. Default `inline`. */
  mode?: "inline" | "popup" | "slide-in" | undefined;
  /** A theme of `icloud-ready/lead-form/themes.css`. */
  theme?: "plain" | "card" | "floating" | "quiet-luxury" | "bold" | "compact" | undefined;
  /** The heading above the fields. */
  heading?: string | undefined;
  /** The text of the submit button. */
  submitText?: string | undefined;
  /** The title of the message after a lead is accepted. */
  thanks?: string | undefined;
  /** The URL, on the page's own origin, that the page opens once a lead is accepted. */
  thankYouUrl?: string | undefined;
  /** A telephone number: adds a link to WhatsApp. */
  whatsapp?: string | undefined;
  /** The text of the pill that opens a slide-in. */
  teaser?: string | undefined;
  /** The URL of the picture in the pill. */
  teaserImage?: string | undefined;
  /** Opens a popup or slide-in after this many seconds. */
  openAfter?: number | undefined;
  /** Opens it once this percentage of the page has been scrolled. */
  openAtScroll?: number | undefined;
  /** Whether it opens when the pointer leaves the page at the top. Default `false`. */
  openOnExit?: boolean | undefined;
  /** Opens it automatically once in this many days. Default 7. */
  openEvery?: number | undefined;
  /** The lead's `campaignName`. */
  campaignName?: string | undefined;
  /** Where attribution is stored. Default `session`. */
  attribution?: AttributionMode | undefined;
  /** Whether input is stored in the tab until it is sent, for at most 30 minutes. Default `false`. */
  draft?: boolean | undefined;
  /** Whether events without personal data are pushed to `dataLayer`. Default `false`. */
  dataLayer?: boolean | undefined;
  /** Sends the leads instead of an endpoint. Create it with an `accessToken` function: visitors can read a string. */
  client?: LeadClient | undefined;
  /** Called before a lead is stored and sent; `event.preventDefault()` stops it. */
  onLeadSubmit?: ((event: LeadSubmitEvent) => void) | undefined;
  /** Called when the lead is acknowledged. */
  onLeadAccepted?: ((event: LeadAcceptedEvent) => void) | undefined;
  /** Called when the lead is stored, to be sent later. */
  onLeadQueued?: ((event: LeadQueuedEvent) => void) | undefined;
  /** Called when the lead was rejected. */
  onLeadError?: ((event: LeadErrorEvent) => void) | undefined;
  /** Called when a form with steps shows another one. */
  onLeadStep?: ((event: LeadStepEvent) => void) | undefined;
  /** Called when the dialog of a popup or slide-in opens. */
  onLeadOpen?: ((event: LeadDialogEvent) => void) | undefined;
  /** Called when the dialog closes. */
  onLeadClose?: ((event: LeadDialogEvent) => void) | undefined;
}

/**
 * The lead form for React 18 and 19. A server renders the element with its children, the plain form among them; after
 * hydration the component defines the element. `ref` is the element, with its methods.
 *
 * @example
 * <LeadForm endpoint="https://leads.example/leads" country="EG" onLeadAccepted={({ detail }) => track(detail)} />
 */
export declare const LeadForm: ForwardRefExoticComponent<LeadFormProps & RefAttributes<ICloudReadyLeadForm>>;
