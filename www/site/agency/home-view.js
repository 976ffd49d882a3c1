// One home: its pictures, facts and form.

import { element, homeFacts } from "./card.js";
import { pictures } from "./scene.js";
import { localized, price, texts } from "./texts.js";

export function homeView(listing, similar) {
  const view = element("article", "home");
  const back = element("a", "back", texts.back);
  back.href = "#";
  const heading = element("h1", "", localized(listing.title));
  heading.tabIndex = -1;
  const head = element("header", "home-head");
  head.append(
    element("p", "home-place", `${texts.kinds[listing.kind]} · ${localized(listing.place)}`),
    heading,
    element("p", "home-price", price(listing)),
  );
  const text = element("div", "home-text");
  const reference = element("p", "reference", `${texts.reference} `);
  reference.append(Object.assign(element("b", "", listing.id), { dir: "ltr" }));
  text.append(homeFacts(listing), element("p", "", localized(listing.text)), reference);
  const more = element("section", "similar");
  const list = element("ul", "grid");
  list.append(...similar);
  more.append(element("h2", "", texts.similar), list);
  const main = element("div", "home-main");
  main.append(gallery(listing), text);
  view.append(back, head, main, enquiry(listing), more);
  return view;
}

/** The pictures: a large one, and buttons that choose it. */
function gallery(listing) {
  const draw = pictures(listing);
  const node = element("section", "gallery");
  node.setAttribute("aria-label", localized(listing.title));
  const large = element("figure", "large");
  const caption = element("figcaption");
  const choices = element("div", "choices");
  const show = (index) => {
    large.replaceChildren(draw[index](), caption);
    caption.textContent = texts.pictures[index];
    for (const [at, button] of [...choices.children].entries())
      button.setAttribute("aria-pressed", String(at === index));
  };
  for (const [index, name] of texts.pictures.entries()) {
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-label", texts.show(name));
    button.append(draw[index]());
    button.addEventListener("click", () => show(index));
    choices.append(button);
  }
  show(0);
  node.append(large, choices);
  return node;
}

/** The form, whose lead names the home. */
function enquiry(listing) {
  const node = element("section", "ask");
  node.id = "ask";
  const form = document.createElement("icloud-ready-lead-form");
  form.id = "home";
  // As the pages' forms: the server put the forwarder's address into the page.
  form.endpoint = document.querySelector("icloud-ready-lead-form[endpoint]").endpoint;
  form.country = "EG";
  form.campaignName = "Dar & Sahel, homes";
  form.schema = {
    // An invented number.
    whatsapp: "+20 100 000 0000",
    fields: [
      "firstName",
      "lastName",
      "phone",
      "email",
      "leadDescription",
      { name: "unitId", type: "hidden", value: listing.id },
    ],
  };
  const note = element("p", "", texts.note);
  note.slot = "note";
  form.append(note);
  node.append(element("h2", "", texts.ask), element("p", "", texts.askText), form);
  return node;
}
