// Stands before a worker as its caller. It goes away once the server named in the header `leave`
// answers: what runs in the worker for its request is dropped, as for a visitor who left.

export default {
  async fetch(request, { WORKER }) {
    const leave = request.headers.get("leave");
    if (!leave) return WORKER.fetch(request);
    const controller = new AbortController();
    const answer = WORKER.fetch(request, { signal: controller.signal });
    fetch(leave).then(() => controller.abort());
    return answer.catch(() => new Response("gone", { status: 499 }));
  },
};
