// The site's own script: the form, and the villa that the visitor looked at, which is sent with the lead.

import "/icloud-ready/lead-form.js";

const enquiry = document.getElementById("enquire");
let villa;
document.addEventListener("click", (event) => {
  villa = event.target.closest("[data-villa]")?.dataset.villa ?? villa;
  // "Send another request": the form is empty again, under its heading.
  if (enquiry.contains(event.target) && event.composedPath()[0].part?.contains("again")) delete enquiry.dataset.sent;
});
document.addEventListener("lead-submit", ({ detail: { lead } }) => {
  lead.leadSource = "website";
  if (villa) lead.interests = [villa];
});
for (const outcome of ["lead-accepted", "lead-queued"])
  enquiry.addEventListener(outcome, ({ detail: { isEarlier } }) => {
    // A lead of an earlier visit is announced in the form, which stays.
    if (isEarlier || "sent" in enquiry.dataset) return;
    enquiry.style.minBlockSize = `${enquiry.offsetHeight}px`;
    enquiry.dataset.sent = "";
  });
