// The minimum that can acknowledge a lead: parse it, insert a row, respond.
import { DurableObject } from "cloudflare:workers";

export class Rows extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS leads (id TEXT PRIMARY KEY, body TEXT NOT NULL)");
  }

  put(id, body) {
    this.sql.exec("INSERT OR IGNORE INTO leads VALUES (?, ?)", id, body);
  }
}

export default {
  async fetch(request, { ROWS }) {
    const body = await request.text();
    const { submissionId } = JSON.parse(body);
    await ROWS.get(ROWS.idFromName("default")).put(submissionId, body);
    return Response.json({ submissionId, status: "accepted" }, { status: 202 });
  },
};
