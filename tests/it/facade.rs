//! What the package's TypeScript repeats from the core. Sharing defaults through generated
//! constants would cost web pages bytes, and a generator of the outbox's contract would be longer
//! than the contract, so these tests compare the two.

use icloud_ready::limiter::Rates;
use icloud_ready::outbox::{CrmLimits, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, OutboxSettings};
use icloud_ready::request::settings::CallSettings;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_client_has_the_same_defaults() {
    let settings = read("pkg-template/src/client/settings.ts");
    let context = read("pkg-template/src/client/context.ts");
    let (core, rates) = (CallSettings::default(), Rates::default());
    for (text, name, expected) in [
        (&settings, "timeout = ", core.timeout),
        (&settings, "totalTimeout = ", core.total_timeout),
        (&settings, "maxRetries = ", f64::from(core.max_retries)),
        (&settings, "maxQueueWait = ", core.max_queue_wait),
        (&context, "perMinute = ", f64::from(rates.per_minute)),
        (&context, "perHour = ", f64::from(rates.per_hour)),
    ] {
        assert_eq!(numbers(text, name), [expected], "{name}");
    }
    assert_eq!(numbers(&settings, "reconcileDelays = "), core.reconcile_delays);
}

#[test]
fn a_calls_numbers_and_flags_have_the_same_order() {
    let script = read("pkg-template/src/client/settings.ts");
    let core = read("src/wasm/entry.rs");
    let constants = |comment: &str| -> Vec<String> {
        let list = declaration(&core, comment, "\n\n").lines().skip(1);
        list.map_while(|line| line.strip_prefix("const ")?.split(':').next())
            .map(|name| name.to_lowercase().replace('_', ""))
            .collect()
    };
    // An entry begins with the option, as in `defaults.strict` or `reconcile === "id"`.
    let entries = |name: &str| -> Vec<String> {
        let list = declaration(&script, name, "]").split(',').map(str::trim);
        list.filter(|entry| !entry.is_empty())
            .filter_map(|entry| entry.split(' ').next()?.rsplit('.').next())
            .map(str::to_lowercase)
            .collect()
    };
    let flags: Vec<_> = constants("// The bits of the flags")
        .into_iter()
        .map(|name| name.trim_end_matches("isknown").to_owned())
        .collect();
    assert_eq!(entries("const flags = ["), flags);

    let mut numbers = constants("// The positions of a call's numbers");
    numbers.truncate(8);
    for (number, entry) in numbers.iter().zip(entries("const numbers = [")) {
        // The operation's number is filled in later, and the waits are the delays.
        let is_same = match entry.as_str() {
            "0" => number == "operation",
            "waits" => number == "waitcount",
            "reconciledelays" => number == "waits",
            _ => *number == entry,
        };
        assert!(is_same, "{number} and {entry}");
    }
}

#[test]
fn the_forwarder_has_the_same_defaults() {
    let settings = read("pkg-template/src/forwarder/rules/settings.ts");
    let limits = CrmLimits::default();
    for (name, expected) in [
        ("perMinute: ", limits.per_minute),
        ("perHour: ", limits.per_hour),
        ("minute: ", limits.minute),
        ("hour: ", limits.hour),
    ] {
        let constant = settings.split("const LIMITS = ").nth(1).expect("the limits");
        assert_eq!(numbers(constant, name), [expected], "{name}");
    }
    let rates = Rates::default();
    assert_eq!(
        [limits.per_minute, limits.per_hour],
        [f64::from(rates.per_minute), f64::from(rates.per_hour)]
    );
    let read_admin = |file: &str| read(&format!("pkg-template/src/forwarder/http/admin/{file}.ts"));
    assert_eq!(numbers(&read_admin("handlers"), "DEFAULT_LIMIT = "), [DEFAULT_PAGE_SIZE]);
    assert_eq!(numbers(&read_admin("query"), "MAX_LIMIT = "), [MAX_PAGE_SIZE]);
    let outbox = read("pkg-template/src/forwarder/outbox/open-outbox.ts");
    assert_eq!(numbers(&outbox, "timeout || "), [OutboxSettings::default().timeout]);
    assert_eq!(OutboxSettings::default().timeout, CallSettings::default().timeout);
}

#[test]
fn the_contract_of_the_outbox_has_the_same_members() {
    let script = read("pkg-template/src/forwarder/outbox/contract.ts");
    let rust: String = ["enqueue", "lead", "mod", "operator", "refusal", "source"]
        .iter()
        .map(|name| read(&format!("src/outbox/contract/{name}.rs")))
        .collect();
    let rust = rust + &read("src/outbox/probe/report.rs");
    for name in [
        "RateLimit",
        "Precheck",
        "SignedPage",
        "Enqueue",
        "RecordRefusal",
        "Delivery",
        "DeliveryResult",
        "SourceHealth",
        "ClaimedEvent",
        "FetchResponse",
        "RefusalSummary",
        "LeadEntry",
        "LeadQuery",
        "Command",
        "BulkCommand",
        "AuditRecord",
        "AttemptEvent",
        "LeadDetail",
        "Health",
        "ProbeReport",
    ] {
        let declared = interface_members(&script, name);
        assert!(!declared.is_empty(), "{name} is declared");
        assert_eq!(declared, struct_fields(&rust, name), "{name}");
    }
}

#[test]
fn the_contract_of_the_outbox_has_the_same_states_and_alerts() {
    let script = read("pkg-template/src/forwarder/outbox/contract.ts");
    let states = declaration(&script, "export type LeadState =", ";");
    let states: BTreeSet<_> = quoted(states).collect();
    let expected = icloud_ready::outbox::LeadState::ALL.map(|state| state.name().to_owned());
    assert_eq!(states, expected.into_iter().collect());

    let alerts = declaration(&script, "export type Alert =", ";\n\n");
    let kinds: BTreeSet<_> = alerts
        .split("kind: ")
        .skip(1)
        .filter_map(|rest| rest.split([';', '}']).next())
        .flat_map(quoted)
        .collect();
    // The facade raises these itself.
    let own = [
        "challenge_secret_rejected",
        "source_secret_missing",
        "connections_full",
        "store_failed",
        "store_restored",
    ];
    let rust = read("src/outbox/contract/mod.rs");
    let variants = declaration(&rust, "pub enum Alert {", "\n}");
    let mut expected: BTreeSet<_> = variants
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.split([' ', ',']).next())
        .filter(|name| name.starts_with(char::is_uppercase))
        .map(snake_case)
        .collect();
    expected.extend(own.map(str::to_owned));
    assert_eq!(kinds, expected);
}

fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The number, or the numbers of an array, after the first occurrence of a name as a whole word.
fn numbers(text: &str, name: &str) -> Vec<f64> {
    let at = text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '.')
    });
    let rest = &text[at.unwrap_or_else(|| panic!("no {name}")) + name.len()..];
    let end =
        if rest.starts_with('[') { rest.find(']') } else { rest.find([',', ' ', ';', '}', ')']) };
    let list = rest[..end.expect("an end")].trim_start_matches('[');
    list.split(',').map(|number| number.trim().replace('_', "").parse().expect(number)).collect()
}

fn declaration<'text>(text: &'text str, start: &str, end: &str) -> &'text str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start}")).1;
    rest.split_once(end).expect("an end").0
}

fn interface_members(script: &str, name: &str) -> BTreeSet<String> {
    let start = format!("export interface {name} ");
    let (head, _) = script.split_once(&start).unwrap_or_else(|| panic!("no {name}"));
    let body = &script[head.len()..];
    let body = declaration(body, "{\n", "\n}");
    body.lines()
        .filter_map(|line| line.strip_prefix("  ")?.split([':', '?']).next())
        .filter(|member| member.chars().all(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

fn struct_fields(rust: &str, name: &str) -> BTreeSet<String> {
    let body = declaration(rust, &format!("pub struct {name} {{\n"), "\n}");
    body.lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split(':').next())
        // What it contains is an interface's base.
        .filter(|field| *field != "entry")
        .map(camel_case)
        .collect()
}

fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
