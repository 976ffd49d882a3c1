// The lead form in JSX, where all frameworks share the namespace.

import type {} from "icloud-ready/lead-form/jsx";
import { ICloudReady } from "icloud-ready";

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
