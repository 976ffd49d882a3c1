//! Timestamps as the CRM formats them, without a calendar crate.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400_000;
/// The offset in the guide's only example, `2025-08-17T17:13:14+03:00`.
const OFFICE_OFFSET: u64 = 3 * 3_600_000;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// `2025-08-17T14:13:14.963Z`
pub(crate) fn utc(milliseconds: u64) -> String {
    let (year, month, day) = date(milliseconds);
    let (hour, minute, second) = time_of_day(milliseconds);
    let fraction = milliseconds % 1000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
}

/// `2025-08-17T17:13:14+03:00`
pub(crate) fn office(milliseconds: u64) -> String {
    let local = milliseconds + OFFICE_OFFSET;
    let (year, month, day) = date(local);
    let (hour, minute, second) = time_of_day(local);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+03:00")
}

/// `Sun, 17 Aug 2025 14:13:14 GMT`
pub(crate) fn http_date(milliseconds: u64) -> String {
    let (year, month, day) = date(milliseconds);
    let (hour, minute, second) = time_of_day(milliseconds);
    let weekday = WEEKDAYS[(milliseconds / DAY % 7) as usize];
    let month = MONTHS[(month - 1) as usize];
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

fn time_of_day(milliseconds: u64) -> (u64, u64, u64) {
    let seconds = milliseconds / 1000;
    (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

/// Year, month and day in the Gregorian calendar, by counting from 1 March of year 0,
/// so that the leap day is the last of its year.
fn date(milliseconds: u64) -> (u64, u64, u64) {
    let days = milliseconds / DAY + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_formatted_as_in_the_guide() {
        let created = 1_755_439_994_963;
        assert_eq!(utc(created), "2025-08-17T14:13:14.963Z");
        assert_eq!(office(created), "2025-08-17T17:13:14+03:00");
        assert_eq!(http_date(created), "Sun, 17 Aug 2025 14:13:14 GMT");
    }

    #[test]
    fn leap_days_and_century_years_are_correct() {
        assert_eq!(utc(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(utc(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(utc(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
    }
}
