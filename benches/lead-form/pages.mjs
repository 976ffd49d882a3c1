// The pages, and a server that serves them like a CDN: compressed in advance.
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { packageFolder } from "../../tools/paths.mjs";

export const FORM = "icloud-ready-lead-form";

const TYPES = { ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm" };
const STYLES = ["shared/base.css", "site/type.css", "site/site.css"].map((path) =>
  fileURLToPath(new URL(`../../www/${path}`, import.meta.url)),
);

const BARE = `<form action="/leads" method="post">
<p><label>First name <input name="leadInformation.firstName" autocomplete="given-name" required></label></p>
<p><label>Last name <input name="leadInformation.lastName" autocomplete="family-name"></label></p>
<p><label>Phone number <input name="leadInformation.phone" type="tel" autocomplete="tel" required></label></p>
<p><label>Email <input name="leadInformation.email" type="email" autocomplete="email"></label></p>
<button>Send request</button></form>`;

/** As in the form's README. */
const SCRIPTS = `<link rel="modulepreload" href="/lead-form/languages/en.js"><script type="module" src="/lead-form.js"></script>`;
const STYLE = `<link rel="stylesheet" href="/site.css">`;

const page = (
  head,
  form,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Villas by the sea</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
${head}</head><body><main><h1>Wake up to the whole horizon</h1>
<p>Sixty-four villas on a quiet headland between the hills and the sea, each with its own garden, its own pool and an open view to the water.</p>
${form}<h2>From a call to a key</h2><p>An adviser calls you within one working day, with plans, prices and the villas still available.</p></main></body></html>`;

const ours = `<${FORM} endpoint="/leads" country="EG">${BARE}</${FORM}>`;

/** A form in a mode: the page's own button, or the form's pill, opens it. */
const mode = (attributes, body = "") =>
  page(STYLE + SCRIPTS, `${body}<${FORM} id="enquire" endpoint="/leads" country="EG" ${attributes}></${FORM}>`);

const STEPS = {
  unit: { id: "A-12", title: "Courtyard villa with a garden", price: "EGP 9,800,000" },
  steps: [
    {
      title: "What are you looking for?",
      fields: [
        { name: "interests", layout: "cards", options: ["Villa", "Apartment", "Office"] },
        { name: "purpose", type: "radio", layout: "cards", label: "Purpose", options: ["Live", "Invest"] },
        { name: "budget", currency: "EGP" },
      ],
    },
    { title: "How can we reach you?", fields: ["firstName", "phone", "email", { name: "visit", type: "visit" }] },
  ],
};

/** The pages, by their paths: with a style sheet, as most pages have one, with only the form, and with its modes. */
export const PAGES = {
  "/styled/bare": page(STYLE, BARE),
  "/styled/ours": page(STYLE + SCRIPTS, ours),
  "/plain/bare": page("", BARE),
  "/plain/ours": page(SCRIPTS, ours),
  "/modes/popup": mode('mode="popup"', '<button type="button" data-lead-form="enquire">Ask us</button>'),
  "/modes/slide-in": mode('mode="slide-in" teaser="Ask about this villa"'),
  "/modes/steps": mode(`schema='${JSON.stringify(STEPS)}'`),
};

/** Starts serving; `leads` emits the text of each `lead` that arrives. */
export async function serve() {
  const leads = new EventEmitter();
  const bodies = new Map();
  const server = createServer(async (request, response) => {
    const { url, method } = request;
    if (method === "POST") {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      if (request.headers["content-type"] === "application/json") {
        response
          .writeHead(202, { "content-type": "application/json" })
          .end(JSON.stringify({ submissionId: JSON.parse(text).submissionId, status: "accepted" }));
      } else {
        // A page whose form gets this response is not replaced.
        response.writeHead(204).end();
      }
      return leads.emit("lead", decodeURIComponent(text));
    }
    const type = url in PAGES ? "text/html" : TYPES[extname(url)];
    const body = async () => {
      if (url in PAGES) return PAGES[url];
      if (url !== "/site.css") return readFile(join(packageFolder, url));
      return Buffer.concat(await Promise.all(STYLES.map((path) => readFile(path))));
    };
    if (!bodies.has(url)) bodies.set(url, brotliCompressSync(await body()));
    response
      .writeHead(200, { "content-type": type, "content-encoding": "br", "cache-control": "max-age=3600" })
      .end(bodies.get(url));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, leads, close };
}
