//! Telephone numbers. `tests/package/phone.test.mjs` holds them against libphonenumber.

mod examples;
mod texts;
