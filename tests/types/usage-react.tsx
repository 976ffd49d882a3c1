// The lead form in React 19.

import type {} from "icloud-ready/lead-form/react";
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
    style={{ minBlockSize: "33rem" }}
    schema={{ fields: ["firstName", { name: "budget", type: "select", options: ["1", "2"] }] }}
    client={client}
  />
);

// @ts-expect-error: there is no such mode
export const mode = <icloud-ready-lead-form attribution="forever" />;

// @ts-expect-error: there is no such attribute
export const attribute = <icloud-ready-lead-form campaignname="Q3" />;

// @ts-expect-error: a field is asked for by a name or with one
export const schema = <icloud-ready-lead-form schema={{ fields: [{ type: "text" }] }} />;

// @ts-expect-error: that is no client
export const wrong = <icloud-ready-lead-form client={{}} />;
