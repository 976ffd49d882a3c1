//! Telephone numbers. `tests/package/phone.test.mjs` compares them with libphonenumber.

mod examples;
mod texts;
