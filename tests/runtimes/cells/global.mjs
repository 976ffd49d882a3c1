// A Worker with a global client for many concurrent requests.

import { ICloudReady } from "icloud-ready";
import wasm from "icloud-ready/icloud-ready.wasm";
import { ICloudReady as Slim } from "icloud-ready/slim";
import settings from "./settings.mjs";

const options = {
  ...settings.options,
  baseURL: settings.baseURL,
  accessToken: async () => (await fetch(settings.tokens)).text(),
};
const crm = settings.slim ? new Slim({ ...options, wasm: Promise.resolve(wasm) }) : new ICloudReady(options);

/** How many calls were started, and the errors of the failed ones. */
const state = { begun: 0, failed: [] };

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/state") return Response.json(state);
    const controller = new AbortController();
    const signals = { own: controller.signal, request: request.signal };
    const lead = { leadInformation: { firstName: searchParams.get("name"), phone: "+201001234567" } };
    const submissionId = searchParams.get("id") ?? undefined;
    const call = crm.leads.create(lead, { submissionId, signal: signals[searchParams.get("signal")] });
    state.begun++;
    // The call has only just started to load the wasm.
    if (searchParams.get("signal") === "own") controller.abort();
    try {
      return Response.json(await call);
    } catch (error) {
      state.failed.push(error.name);
      return new Response(error.stack, { status: 500 });
    }
  },
};
