// The lead form in React 18 and 19: the component, and the element itself.

import type {} from "icloud-ready/lead-form/react";
import { ICloudReady } from "icloud-ready";
import { type ICloudReadyLeadForm, LeadForm, type LeadFormProps } from "icloud-ready/react";
import { createRef } from "react";

const client = new ICloudReady({ accessToken: () => "token" });

export const form = (
  <icloud-ready-lead-form
    endpoint="https://leads.example/leads"
    locale="ar"
    country="EG"
    campaign-name="Q3"
    attribution="none"
    data-layer
    draft
    dir="rtl"
    title="Contact"
    className="wide"
    tabIndex={0}
    role="form"
    hidden={false}
    spellCheck={false}
    contentEditable={false}
    aria-label="Contact"
    data-unit="A-12"
    onClick={() => {}}
    suppressHydrationWarning
    onFocus={(event) => void event.currentTarget.submit()}
    style={{ minBlockSize: "33rem" }}
    schema={{ fields: ["firstName", { name: "budget", type: "select", options: ["1", "2"] }] }}
    client={client}
  />
);

// @ts-expect-error: unknown mode
export const mode = <icloud-ready-lead-form attribution="forever" />;

// @ts-expect-error: unknown HTML attribute
export const global = <icloud-ready-lead-form tabindx={0} />;

// @ts-expect-error: unknown attribute
export const attribute = <icloud-ready-lead-form campaignname="Q3" />;

// @ts-expect-error: a field is a name or has one
export const schema = <icloud-ready-lead-form schema={{ fields: [{ type: "text" }] }} />;

// @ts-expect-error: not a client
export const wrong = <icloud-ready-lead-form client={{}} />;

const ref = createRef<ICloudReadyLeadForm>();
const props: LeadFormProps = { locale: "ar", schema: null, country: undefined };

export const component = (
  <LeadForm
    {...props}
    ref={ref}
    endpoint="https://leads.example/leads"
    campaignName="Q3"
    attribution="session"
    dataLayer
    draft={false}
    client={client}
    className="wide"
    aria-label="Contact"
    data-unit="A-12"
    onClick={(event) => void event.currentTarget.submit()}
    onLeadSubmit={(event) => {
      event.preventDefault();
      event.detail.lead.leadInformation.phone satisfies string;
    }}
    onLeadAccepted={({ detail }) => detail.submissionId satisfies string}
    onLeadQueued={({ detail }) => detail.isPersisted satisfies boolean}
    onLeadError={({ detail }) => detail.code satisfies "wrong" | "challenge" | "refused" | "inconclusive" | "expired"}
  >
    <form action="https://leads.example/leads" method="post" />
  </LeadForm>
);
void ref.current?.prefill({ region: "Coast" });

// @ts-expect-error: unknown prop
export const prop = <LeadForm campaign="Q3" />;

// @ts-expect-error: unknown mode
export const componentMode = <LeadForm attribution="forever" />;

// @ts-expect-error: a queued lead has no issues
export const event = <LeadForm onLeadQueued={({ detail }) => detail.issues} />;

// @ts-expect-error: not a client
export const componentClient = <LeadForm client={{}} />;
