// The lead form in WebKitGTK.

import { formTests } from "./support/form.mjs";
import { upgradeTests } from "./support/form-upgrade.mjs";
import { profile, useWebKit } from "./support/webkit.mjs";

useWebKit();
formTests("WebKitGTK", profile);
upgradeTests("WebKitGTK", profile);
