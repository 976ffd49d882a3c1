// How soon a visitor can use the form on a slow connection and a slow phone: its page against the same page with a bare
// `<form>` of the same fields. Alternately, in one Chromium; prints a Markdown table, and fails if the form is usable
// later than 1.5 times the bare one, or if one of its tasks takes more than 50 ms, also in its modes.
import { once } from "node:events";
import { chromium } from "playwright-core";
import { chromiumProgram } from "../../tools/paths.mjs";
import { median } from "../median.mjs";
import { measureModes, reportModes } from "./modes.mjs";
import { FORM, PAGES, serve } from "./pages.mjs";
import { CATEGORIES, longest } from "./tasks.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 9);
const LINE = { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
const [NAMES, EMAIL] = [["Mona", "Fathy"], "mona@example.com"];
const [SLOWDOWN, LATEST, LONGEST] = [4, 1.5, 50];

const site = await serve();
const browser = await chromium.launch({ executablePath: chromiumProgram(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  const names = Object.keys(PAGES).filter((name) => !name.startsWith("/modes/"));
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  const modes = [];
  for (const name of names) await measure(name);
  await measureModes(browser, site, prepare);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 ? names : names.toReversed()) samples[name].push(await measure(name));
    modes.push(await measureModes(browser, site, prepare));
  }
  report(samples, modes, await browser.version());
} finally {
  await browser.close();
  await site.close();
}

/** An empty page with an empty cache, on the slow connection and CPU. */
async function prepare() {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const chrome = await context.newCDPSession(page);
  await chrome.send("Network.enable");
  await chrome.send("Network.emulateNetworkConditions", LINE);
  await chrome.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  return { page, close: () => context.close() };
}

/** Opens a page, uses its form as a visitor would, and returns the measurements. */
async function measure(name) {
  const { page, close } = await prepare();
  await page.addInitScript(watch, FORM);
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.goto(site.url + name);
  const isOurs = await page.evaluate((form) => document.querySelector(form) !== null, FORM);
  await page.waitForFunction((isOurs) => (isOurs ? seen.own : seen.usable), isOurs, { polling: 100 });
  // From here on only key presses, so that every task is the page's.
  const sent = once(site.leads, "lead");
  // This form has a list of countries before the number.
  for (const text of [...NAMES, ...(isOurs ? [""] : []), "+201001234567", EMAIL]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text, { delay: 20 });
  }
  await page.keyboard.press("Enter");
  const [text] = await sent;
  for (const typed of [...NAMES, EMAIL]) if (!text.includes(typed)) throw new Error(`${typed} did not arrive: ${text}`);
  const seen = await page.evaluate(() => globalThis.seen);
  const task = longest(await browser.stopTracing(), (url) => url.startsWith(`${site.url}/lead-form`));
  await close();
  return { ...seen, task };
}

/** Runs in the page: when either form can first be typed into and sent, and when this form can. */
function watch(name) {
  globalThis.seen = { usable: 0, own: 0 };
  const isUsable = (root) => {
    const [input, button] = ["input", "button"].map((tag) => root?.querySelector(`form ${tag}`));
    return Boolean(input?.checkVisibility() && button?.checkVisibility() && !button.disabled);
  };
  const check = (now) => {
    const isOwn = isUsable(document.querySelector(name)?.shadowRoot);
    if (isOwn) globalThis.seen.own ||= now;
    if (isOwn || isUsable(document)) globalThis.seen.usable ||= now;
    requestAnimationFrame(check);
  };
  requestAnimationFrame(check);
}

function report(samples, modes, version) {
  const of = (name, member) => median(samples[name].map((sample) => sample[member]));
  const row = (title, name, bare, at) => {
    const ratio = of(name, at) / of(bare, at === "own" ? "usable" : at);
    return {
      ratio,
      line: `| ${title} | ${of(name, at).toFixed(0)} | ${ratio.toFixed(2)} | ${of(name, "task").toFixed(0)} |`,
    };
  };
  const rows = ["styled", "plain"].flatMap((kind) => {
    const [bare, ours, page] = [
      `/${kind}/bare`,
      `/${kind}/ours`,
      `page ${kind === "styled" ? "with" : "without"} a style sheet`,
    ];
    return [
      row(`${page}: a bare form`, bare, bare, "usable"),
      row(`${page}: the form, usable`, ours, bare, "usable"),
      row(`${page}: the form, its element in place`, ours, bare, "own"),
    ];
  });
  const { table, isLong: isModeLong } = reportModes(modes, LONGEST);
  console.log(`| | after, ms | × bare | longest task, ms |
| --- | ---: | ---: | ---: |
${rows.map(({ line }) => line).join("\n")}

${table}

Medians of ${ROUNDS} rounds in turns; Chromium ${version}, 400 kbit/s, 400 ms, a CPU slowed down ${SLOWDOWN} times. Until
the element is in its place the plain form in it can be used, and what is written there is carried over. Tasks: from
loading to the answer to a lead, of the form's page those since its first script ran, in the thread's own time; of a
mode from the click on its trigger, on "Next", "Back" or the button until the dialog, the step or the thanks is shown.`);
  // A page with one request exceeds it with the second, whatever it loads: it is reported, not judged.
  const isLate = rows.slice(0, -1).some(({ ratio }) => ratio > LATEST);
  const isLong = isModeLong || ["/styled/ours", "/plain/ours"].some((name) => of(name, "task") > LONGEST);
  if (isLate) console.error(`the form is usable later than ${LATEST} times a bare one`);
  if (isLong) console.error(`a task of the form takes more than ${LONGEST} ms`);
  if (isLate || isLong) process.exitCode = 1;
}
