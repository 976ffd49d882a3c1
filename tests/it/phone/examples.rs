//! Numbers that anyone can verify by hand.

use icloud_ready::phone::{Check, Phone, parse};

/// Asserts the result for a text in a country; `--` stands for no country.
fn assert_is(text: &str, country: &str, e164: &str, of: &str, check: Check) {
    let country = Some(country).filter(|country| *country != "--");
    let of = Some(of).filter(|of| *of != "--");
    let phone = parse(text, country);
    let known = (phone.e164.as_deref(), phone.country, phone.check);
    assert_eq!(known, (Some(e164), of, check), "{text} in {country:?}");
}

fn assert_raw(text: &str, country: Option<&str>) {
    let raw = Phone { e164: None, country: None, check: Check::Raw };
    assert_eq!(parse(text, country), raw, "{text} in {country:?}");
}

#[test]
fn valid_numbers_of_the_eight_countries_are_strict() {
    for (text, country, e164) in [
        ("050 123 4567", "AE", "+971501234567"),
        ("3600 1234", "BH", "+97336001234"),
        ("0100 123 4567", "EG", "+201001234567"),
        ("02 2795 1234", "EG", "+20227951234"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("500 12345", "KW", "+96550012345"),
        ("9212 3456", "OM", "+96892123456"),
        ("3312 3456", "QA", "+97433123456"),
        ("051 234 5678", "SA", "+966512345678"),
    ] {
        assert_is(text, country, e164, country, Check::Strict);
        assert_is(e164, "--", e164, country, Check::Strict);
        assert_is(&e164.replace('+', "00"), country, e164, country, Check::Strict);
        assert_is(&e164[1..], country, e164, country, Check::Strict);
    }
}

#[test]
fn invalid_numbers_of_valid_length_are_possible() {
    // 016, seven digits after 04, and +33 0 do not exist.
    assert_is("0160 123 4567", "EG", "+201601234567", "EG", Check::Possible);
    assert_is("010 1234 567", "SA", "+966101234567", "SA", Check::Possible);
    assert_is("+971 50 123 456", "--", "+97150123456", "AE", Check::Possible);
}

#[test]
fn too_short_and_too_long_are_raw() {
    for text in ["0100 123", "0100 123 4567 8", "+20 1", "+20 100 123 4567 8", "+999 100 123 4567"]
    {
        assert_raw(text, Some("EG"));
    }
}

#[test]
fn a_number_from_abroad_has_its_own_country() {
    assert_is("+33 6 12 34 56 78", "EG", "+33612345678", "FR", Check::Strict);
    assert_is("0033 6 12 34 56 78", "EG", "+33612345678", "FR", Check::Strict);
    assert_is("011 33 6 12 34 56 78", "US", "+33612345678", "FR", Check::Strict);
    // 00 is not dialed in the United States, but clearly intended.
    assert_is("0033 6 12 34 56 78", "US", "+33612345678", "FR", Check::Strict);
    // Where a longer prefix is dialed, digits after 00 alone are not a calling code.
    assert_is("009 65 6626 0521", "NG", "+6566260521", "SG", Check::Possible);
    assert_is("8~10 33 6 12 34 56 78", "RU", "+33612345678", "FR", Check::Strict);
}

#[test]
fn without_a_country_a_number_must_be_international() {
    for country in [None, Some(""), Some("XX"), Some("E"), Some("EGY"), Some("مصر")] {
        assert_raw("0100 123 4567", country);
        assert_eq!(parse("+20 100 123 4567", country).check, Check::Strict);
        assert_eq!(parse("0020 100 123 4567", country).check, Check::Strict);
    }
    assert_is("0100 123 4567", "eg", "+201001234567", "EG", Check::Strict);
}

#[test]
fn calling_codes_shared_by_regions() {
    for (text, country, e164, of) in [
        ("(212) 555-0123", "US", "+12125550123", "US"),
        ("1 613 555 0123", "US", "+16135550123", "CA"),
        ("464-1234", "AG", "+12684641234", "AG"),
        ("8 912 345-67-89", "RU", "+79123456789", "RU"),
        // A prefix that is dialed before numbers may be part of the number itself.
        ("800 555 35 35", "RU", "+78005553535", "RU"),
        ("801 123 4567", "BY", "+3758011234567", "BY"),
        ("07797 712345", "JE", "+447797712345", "JE"),
        ("712345", "JE", "+441534712345", "JE"),
        ("8 777 234 56 78", "KZ", "+77772345678", "KZ"),
        ("020 7946 0958", "GB", "+442079460958", "GB"),
        ("+44 1534 456789", "--", "+441534456789", "JE"),
        ("0612-345678", "MA", "+212612345678", "MA"),
        ("0639 12 34 56", "RE", "+262639123456", "YT"),
        ("041 2345678", "FI", "+358412345678", "FI"),
        ("018 123456", "FI", "+35818123456", "AX"),
        ("06 1234 5678", "IT", "+390612345678", "IT"),
        ("+39 06698 12345", "--", "+390669812345", "VA"),
        ("011 15-2345-6789", "AR", "+5491123456789", "AR"),
        ("0221 15-512-3456", "AR", "+5492215123456", "AR"),
        ("+54 9 11 2345-6789", "--", "+5491123456789", "AR"),
        ("222 123 4567", "MX", "+522221234567", "MX"),
        ("06 1 234 5678", "HU", "+3612345678", "HU"),
        ("0 15 11 98765 4321", "BR", "+5511987654321", "BR"),
    ] {
        assert_is(text, country, e164, of, Check::Possible);
    }
    // Codes of no country: satellites, freephone.
    assert_is("+800 1234 5678", "EG", "+80012345678", "--", Check::Possible);
}

#[test]
fn a_0_in_parentheses_is_skipped_unless_it_is_dialed_from_abroad() {
    for text in
        ["+33 (0)6 12 34 56 78", "0033(0)612345678", "+33 ( 0 ) 612345678", "+33（０）612345678"]
    {
        assert_is(text, "EG", "+33612345678", "FR", Check::Strict);
    }
    // Numbers in Qatar have no 0 prefix; some people write one.
    assert_is("+974 (0) 3312 3456", "--", "+97433123456", "QA", Check::Strict);
    assert_is("+39 (0)6 1234 5678", "--", "+390612345678", "IT", Check::Possible);
    assert_is("(0)100 123 4567", "EG", "+201001234567", "EG", Check::Strict);
}

#[test]
fn a_0_after_the_calling_code_is_skipped_where_it_is_a_national_prefix() {
    for (text, country, e164) in [
        ("+971 050 123 4567", "AE", "+971501234567"),
        ("00971 050 123 4567", "AE", "+971501234567"),
        ("20 0100 123 4567", "EG", "+201001234567"),
        ("+33 06 12 34 56 78", "FR", "+33612345678"),
        ("+966 051 234 5678", "SA", "+966512345678"),
    ] {
        assert_is(text, country, e164, country, Check::Strict);
    }
    assert_raw("+965 0500 12345", Some("KW"));
}

#[test]
fn text_around_a_number() {
    for text in [
        "tel:+20-100-123-4567",
        "Tel. 0100 123 4567",
        "موبايل: ٠١٠٠١٢٣٤٥٦٧",
        "'01001234567",
        "0100 123 4567.",
        "201001234567+",
        "0100 123 4567 ext. 12",
        "0100 123 4567 Ext: 12",
        "0100 123 4567x12",
        "0100 123 4567 extension 123456",
        "tel:+201001234567;ext=12",
        "0100 123 4567 #12",
        "0100 123 4567, 12",
    ] {
        assert_is(text, "EG", "+201001234567", "EG", Check::Strict);
    }
    for text in [
        "0100 123 4567 ext",
        "0100 123 4567 ext 1234567",
        "0100 123 4567 ext 12 or 13",
        "0100 123 4567 or 0111 123 4567",
        "0100 123 4567, 0111 123 4567",
        "0100 12 HOTEL",
        "0100+123 4567",
        "0100*123*4567",
    ] {
        assert_raw(text, Some("EG"));
    }
}
