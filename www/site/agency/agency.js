// The agency's page: homes with filters, and one home with its pictures and a form. The address behind `#` names the
// home, so that the browser's own buttons work.

import "/icloud-ready/lead-form.js";
import { homeCard } from "./card.js";
import { homeView } from "./home-view.js";
import { LISTINGS } from "./listings.js";
import { cover } from "./scene.js";
import { counted, texts } from "./texts.js";

const find = (id) => document.getElementById(id);
const filters = find("filters");
const title = document.title;
const cards = new Map(LISTINGS.map((listing) => [listing, homeCard(listing)]));
find("homes").append(...cards.values());

function filter() {
  const { purpose, kind, bedrooms } = Object.fromEntries(new FormData(filters));
  let count = 0;
  for (const [listing, card] of cards) {
    card.hidden =
      (purpose !== "" && listing.purpose !== purpose) ||
      (kind !== "" && listing.kind !== kind) ||
      listing.bedrooms < Number(bedrooms);
    if (!card.hidden) count += 1;
  }
  find("results").textContent = count ? counted(count, texts.homes) : texts.none;
  find("clear").hidden = count > 0;
}

/** Shows the home that the address names, or all homes. */
function route({ isFirst = false } = {}) {
  const listing = LISTINGS.find(({ id }) => location.hash === `#${id}`);
  find("list").hidden = Boolean(listing);
  find("home").hidden = !listing;
  if (!listing) {
    find("home").replaceChildren();
    document.title = title;
    // The browser could not scroll there while the list was hidden.
    if (!isFirst && location.hash.length > 1) find(location.hash.slice(1))?.scrollIntoView();
    return;
  }
  const similar = LISTINGS.filter((other) => other !== listing)
    .sort((one, other) => similarity(other, listing) - similarity(one, listing))
    .slice(0, 3);
  const view = homeView(listing, similar.map(homeCard));
  find("home").replaceChildren(view);
  const heading = view.querySelector("h1");
  document.title = `${heading.textContent} – ${title}`;
  scrollTo({ top: 0, behavior: "instant" });
  if (!isFirst) heading.focus({ preventScroll: true });
}

const similarity = (one, other) => (one.purpose === other.purpose) + (one.kind === other.kind) * 2;

filters.addEventListener("input", filter);
filters.addEventListener("submit", (event) => event.preventDefault());
find("clear").addEventListener("click", () => {
  filters.reset();
  filter();
});
addEventListener("hashchange", () => route());
document.addEventListener("lead-submit", ({ detail: { lead } }) => {
  lead.leadSource = "website";
});
find("cover").append(cover());
filter();
route({ isFirst: true });
