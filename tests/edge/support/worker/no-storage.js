// A naive forwarder: it responds, and sends the lead afterwards.
export default {
  async fetch(request, { CONFIG }, context) {
    const { submissionId, lead } = await request.json();
    const headers = {
      "content-type": "application/json",
      "x-api-key": CONFIG.crm.apiKey,
      organizationId: CONFIG.crm.organizationId,
    };
    const body = JSON.stringify({ ...lead, customField: JSON.stringify({ submissionId }) });
    const send = async () => {
      for (let attempt = 0; attempt < 5; attempt++) {
        const signal = AbortSignal.timeout(1_000);
        const answer = await fetch(`${CONFIG.crm.baseURL}/leads`, { method: "POST", headers, body, signal }).catch(
          () => undefined,
        );
        if (answer?.ok) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    context.waitUntil(send());
    return Response.json({ submissionId, status: "accepted" }, { status: 202 });
  },
};
