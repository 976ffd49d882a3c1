// What happens in the page in the frame: its form's events, and the leads that its browser stores. The frame has the
// origin of the demo's page.

const FIRST_NAMES = ["Mona", "Ahmed", "Salma", "Karim", "منى", "عمر", "ليلى", "Camille", "Hugo", "Inès"];
const LAST_NAMES = ["Fathy", "Mansour", "El Sayed", "Haddad", "فتحي", "منصور", "حداد", "Moreau", "Lambert", "Benali"];
const DATABASE = "icloud-ready-lead-form";
const FORM_TIMEOUT_MS = 20_000;

/**
 * Watches the frame's pages. Returns a map of the leads whose outcome the page reported: by submission id, when the
 * visitor pressed the button, and what the page showed.
 */
export function watchVisits(frame) {
  const visits = new Map();
  let submittedAt;
  frame.addEventListener("load", () => {
    const { contentDocument: page } = frame;
    // The playground's own requests go nowhere.
    if (!page.location.pathname.startsWith("/site/")) return;
    page.addEventListener("lead-submit", () => (submittedAt = Date.now()));
    for (const outcome of ["accepted", "queued", "error"]) {
      page.addEventListener(`lead-${outcome}`, ({ detail: { submissionId } }) => {
        if (!submissionId) return;
        const earlier = visits.get(submissionId);
        visits.set(submissionId, { submittedAt: earlier?.submittedAt ?? submittedAt, outcome, at: Date.now() });
      });
    }
  });
  return visits;
}

/**
 * The ids of the leads that the browser stores until the forwarder has acknowledged them. Read with this page's own
 * `indexedDB`: a request with that of the frame never ends if the frame goes to another page meanwhile.
 */
export async function storedIds() {
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === DATABASE)) return [];
  return new Promise((resolve) => {
    const opening = indexedDB.open(DATABASE);
    opening.onerror = () => resolve([]);
    opening.onsuccess = () => {
      const { result: database } = opening;
      const finish = (ids) => {
        database.close();
        resolve(ids);
      };
      if (!database.objectStoreNames.contains("submissions")) return finish([]);
      const reading = database.transaction("submissions").objectStore("submissions").getAll();
      reading.onerror = () => finish([]);
      reading.onsuccess = () =>
        finish(reading.result.filter(({ key }) => !key.includes("/playground/")).map(({ id }) => id));
    };
  });
}

/** Sends leads with the form in the frame, one after another, as a visitor would who types very fast. */
export async function sendLeads(frame, count) {
  const form = await formIn(frame);
  for (let index = 0; index < count; index += 1) {
    form.reset();
    form.value = person(index);
    await form.submit();
  }
}

async function formIn(frame) {
  const deadline = Date.now() + FORM_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const form = frame.contentDocument?.querySelector("icloud-ready-lead-form");
    if (frame.contentDocument?.readyState === "complete" && form?.submit) return form;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The page in the frame has no form");
}

/** A fictional person with a mobile number of their own. */
function person(index) {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(7)), (byte) => byte % 10).join("");
  return {
    firstName: FIRST_NAMES[index % FIRST_NAMES.length],
    lastName: LAST_NAMES[index % LAST_NAMES.length],
    phone: `+20100${digits}`,
    email: `visitor-${digits}@example.com`,
  };
}
