import { createRoot } from "react-dom/client";
import { LeadForm } from "icloud-ready/react";

const endpoint = new URLSearchParams(location.search).get("endpoint");

createRoot(document.querySelector("#app")).render(
  <LeadForm endpoint={endpoint} country="EG" onLeadAccepted={({ detail }) => (globalThis.accepted = detail)} />,
);
