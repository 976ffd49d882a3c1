// Calls a Worker. It disconnects once the server named in the header `leave` responds: the runtime then drops what the
// Worker runs for its request, as for a visitor who left.

export default {
  async fetch(request, { WORKER }) {
    const leave = request.headers.get("leave");
    if (!leave) return WORKER.fetch(request);
    const controller = new AbortController();
    const response = WORKER.fetch(request, { signal: controller.signal });
    fetch(leave).then(() => controller.abort());
    return response.catch(() => new Response("gone", { status: 499 }));
  },
};
