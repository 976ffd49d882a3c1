// Takes a lead from the form, or from the plain form of a page without scripts, and creates it in the CRM.

import { ICloudReady, isICloudReadyError, ValidationError } from "icloud-ready";

let client;

/** The ids of leads that the CRM may have, though it did not respond: they are looked up before they are resent. */
const unconfirmed = new Set();

/** Handles a POST. `env` has the key, as `process.env` does. */
export async function forwardLead(request, env) {
  // Only pages of this site may send leads.
  const origin = request.headers.get("origin") ?? "";
  if (origin.split("//")[1] !== request.headers.get("host")) return failure(403, "origin");
  const isJSON = request.headers.get("content-type")?.startsWith("application/json");
  const { submissionId, lead } = await (isJSON ? request.json() : readPlainForm(request));
  // Only what a visitor may set.
  const { firstName, lastName, phone, email } = lead?.leadInformation ?? {};
  const leadInformation = { firstName, lastName, phone, email };
  const { campaignName } = lead ?? {};
  try {
    client ??= ICloudReady.fromEnv(env);
    const options = { submissionId, checkExisting: unconfirmed.has(submissionId) };
    await client.leads.create({ leadInformation, campaignName, leadSource: "website" }, options);
    unconfirmed.delete(submissionId);
  } catch (error) {
    if (error instanceof ValidationError) return failure(400, "invalid", error.issues);
    if (!isICloudReadyError(error)) throw error;
    console.error(error.message);
    if (error.ambiguous || error.code === "inconclusive") unconfirmed.add(submissionId);
    // The form keeps the lead and sends it again, with the same id.
    return failure(503, "unavailable");
  }
  if (isJSON) return Response.json({ submissionId, status: "accepted" }, { status: 202 });
  return new Response(null, { status: 303, headers: { location: "/thanks" } });
}

/** The names of the inputs are the paths of their values in the lead. */
async function readPlainForm(request) {
  const lead = { leadInformation: {} };
  for (const [name, value] of await request.formData()) {
    const [first, second] = name.split(".");
    if (first === "leadInformation" && second && value) lead.leadInformation[second] = value;
  }
  return { submissionId: crypto.randomUUID(), lead };
}

const failure = (status, code, issues = []) => Response.json({ error: { code, message: code, issues } }, { status });
