// The site's own script: the form, and with the lead what the visitor looked at.

import "/icloud-ready/lead-form.js";

let villa;
document.addEventListener("click", ({ target }) => {
  villa = target.closest("[data-villa]")?.dataset.villa ?? villa;
});
document.addEventListener("lead-submit", ({ detail: { lead } }) => {
  lead.leadSource = "website";
  if (villa) lead.interests = [villa];
});
