// One home in the grid.

import { pictures } from "./scene.js";
import { counted, localized, number, price, texts } from "./texts.js";

/** An element with a text. */
export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Bedrooms, bathrooms and area. */
export function homeFacts({ bedrooms, bathrooms, area }) {
  const list = element("ul", "home-facts");
  list.append(
    element("li", "", counted(bedrooms, texts.bedrooms)),
    element("li", "", counted(bathrooms, texts.bathrooms)),
    element("li", "", `${number(area)} ${texts.area}`),
  );
  return list;
}

export function homeCard(listing) {
  const card = element("li", "card");
  const figure = element("div", "card-picture");
  const tag = element("span", "tag", texts.purposes[listing.purpose]);
  figure.append(pictures(listing)[0](), tag);
  const heading = element("h3", "card-title");
  const link = element("a", "", localized(listing.title));
  link.href = `#${listing.id}`;
  heading.append(link);
  card.append(
    figure,
    element("p", "card-price", price(listing)),
    heading,
    element("p", "card-place", `${texts.kinds[listing.kind]} · ${localized(listing.place)}`),
    homeFacts(listing),
  );
  return card;
}
