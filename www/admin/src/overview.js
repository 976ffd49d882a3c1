// How the outbox is, and what needs attention.

import { call } from "./api.js";
import { h } from "./dom.js";
import { date, duration, text } from "./messages.js";

const OLD_MS = 900_000;

export function overview() {
  const content = h("div", {});
  const refresh = async () => content.replaceChildren(...describe(await call("../health")));
  return {
    element: h("section", { "aria-labelledby": "overview" }, h("h2", { id: "overview" }, text.overview), content),
    refresh,
  };
}

function describe(health) {
  const cards = [
    [text.store, health.ok ? text.works : health.cause, !health.ok],
    [text.sending, health.paused ? `${text.paused}: ${health.pauseReason}` : text.running, health.paused],
    [text.backlog, health.backlog],
    [text.oldest, duration(health.oldestAgeMs), health.oldestAgeMs > OLD_MS],
    [text.dead, health.dead, health.dead > 0],
    [text.held, health.held, health.held > 0],
    [text.poison, health.poison, health.poison > 0],
    [text.reconcile, health.reconcile, health.reconcile === "unavailable"],
  ];
  const shown = cards.map(([name, value, isBad]) =>
    h("div", { class: isBad ? "bad" : undefined }, h("dt", {}, name), h("dd", {}, String(value))),
  );
  const alerts = conditions(health);
  const list = alerts.length
    ? h("ul", { class: "alerts bad" }, ...alerts.map((alert) => h("li", {}, alert)))
    : h("p", {}, text.none);
  return [h("dl", { class: "cards" }, ...shown), h("h3", {}, text.conditions), list];
}

/** The alerts whose conditions hold, with the names of the operator's reference. */
function conditions(health) {
  const { lastFailure, clockOffsetMs, refusedOrigins = [], unknownPaths = [], wrongOptions = [] } = health;
  const failure =
    lastFailure && [lastFailure.cause ?? lastFailure.status, date(lastFailure.at)].filter(Boolean).join(", ");
  return [
    ...(health.ok ? [] : [`store_failed: ${health.cause}`]),
    ...(health.paused ? [`paused: ${health.pauseReason}`] : []),
    ...(health.oldestAgeMs > OLD_MS ? [`backlog_age: ${duration(health.oldestAgeMs)}`] : []),
    ...(health.dead ? [`dead_letters: ${health.dead}`] : []),
    ...(health.held ? [`held_leads: ${health.held}`] : []),
    ...(health.poison ? [`poison_leads: ${health.poison}`] : []),
    ...(health.reconcile === "unavailable" ? ["reconcile_unavailable"] : []),
    ...(clockOffsetMs === undefined ? [] : [`clock_skew: ${duration(Math.abs(clockOffsetMs))}`]),
    ...(failure ? [`lastFailure: ${failure}`] : []),
    ...refusedOrigins.map(({ value, count }) => `origin_refused: ${value} (${count})`),
    ...unknownPaths.map(({ value, count }) => `path_not_found: ${value} (${count})`),
    ...wrongOptions.map((name) => `wrongOptions: ${name}`),
  ];
}
