"use client";

import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { define, ICloudReadyLeadForm } from "../lead-form/element.js";

/** Servers run no effects, and React 18 warns about layout effects there. */
const useCommitEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

export const LeadForm = forwardRef(function LeadForm(props, ref) {
  const { schema, client, campaignName, dataLayer, draft, hidden, className, ...others } = props;
  const { submitText, thankYouUrl, openAfter, openAtScroll, openOnExit, openEvery, teaserImage, ...more } = others;
  const {
    onLeadSubmit,
    onLeadAccepted,
    onLeadQueued,
    onLeadError,
    onLeadStep,
    onLeadOpen,
    onLeadClose,
    ...attributes
  } = more;
  const element = useRef(null);
  // As text, which servers can render, and which is the same for a schema that each render creates again.
  const schemaText = typeof schema === "string" ? schema : schema ? JSON.stringify(schema) : undefined;
  useImperativeHandle(ref, () => element.current, []);
  useCommitEffect(() => {
    element.current.client = client;
  }, [client]);
  useCommitEffect(() => {
    // React 19 unsets the property, which leaves the attribute.
    if (schemaText === undefined) element.current.removeAttribute("schema");
  }, [schemaText]);
  useListener(element, "lead-submit", onLeadSubmit);
  useListener(element, "lead-accepted", onLeadAccepted);
  useListener(element, "lead-queued", onLeadQueued);
  useListener(element, "lead-error", onLeadError);
  useListener(element, "lead-step", onLeadStep);
  useListener(element, "lead-open", onLeadOpen);
  useListener(element, "lead-close", onLeadClose);
  // After the markup is hydrated, which the element would change, and after the client and the listeners are set.
  useCommitEffect(() => {
    // Without adopted style sheets, as in jsdom, the children stay.
    if ("adoptedStyleSheets" in document) define(ICloudReadyLeadForm);
  }, []);
  return createElement("icloud-ready-lead-form", {
    ...attributes,
    // React 18 renders the names and values of a custom element's attributes as they are.
    class: className,
    schema: schemaText,
    "campaign-name": campaignName,
    "data-layer": dataLayer || undefined,
    "submit-text": submitText,
    "thank-you-url": thankYouUrl,
    "teaser-image": teaserImage,
    "open-after": openAfter,
    "open-at-scroll": openAtScroll,
    "open-on-exit": openOnExit ? "" : undefined,
    "open-every": openEvery,
    draft: draft || undefined,
    hidden: hidden || undefined,
    ref: element,
  });
});

function useListener(element, name, listener) {
  useCommitEffect(() => {
    if (!listener) return;
    const { current } = element;
    current.addEventListener(name, listener);
    return () => current.removeEventListener(name, listener);
  }, [listener]);
}
