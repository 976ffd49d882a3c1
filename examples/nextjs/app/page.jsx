import { LeadForm } from "icloud-ready/react";

export default function Page() {
  return (
    <main>
      <h1>Contact us</h1>
      <LeadForm endpoint="/api/leads" country="EG" campaignName="Q3" style={{ minBlockSize: "33rem" }}>
        <form action="/api/leads" method="post">
          <p>
            <label>
              First name <input name="leadInformation.firstName" autoComplete="given-name" required />
            </label>
          </p>
          <p>
            <label>
              Phone number <input name="leadInformation.phone" type="tel" autoComplete="tel" required />
            </label>
          </p>
          <button>Send</button>
        </form>
      </LeadForm>
    </main>
  );
}
