"use client";

import { useEffect, useState } from "react";
import * as sdk from "icloud-ready";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "../scenario.mjs";

export default function Leads() {
  const [issues, setIssues] = useState([]);
  useEffect(() => {
    globalThis.run = (settings) => scenario({ sdk, validateLead }, settings);
    validateLead({}).then(setIssues);
  }, []);
  return (
    <ul>
      {issues.map(({ path, message }) => (
        <li key={path}>
          {path} {message}
        </li>
      ))}
    </ul>
  );
}
