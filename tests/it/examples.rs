//! The example that imports a CSV file.

#[path = "../../examples/rust/import.rs"]
#[allow(dead_code, unreachable_pub, reason = "its `main` reads the environment")]
mod import;

use crate::support::rig::{integration_token, on_sockets};
use icloud_ready::{Client, ReqwestTransport, Settings};
use icloud_ready_sandbox::{Options, Sandbox};
use std::{env, fs, process};

const FILE: &str = "firstName,phone,leadSource\n\
    Mona,+201001234567,Website\n\
    Omar,+201001234568,\n\
    Mona,+201001234567,Website\n\
    Yasmin,,Website\n";

#[test]
fn an_import_can_be_run_again() {
    let sandbox = Sandbox::start(Options::default());
    let transport = ReqwestTransport::new(&sandbox.url(), integration_token()).unwrap();
    let client = Client::new(transport, Settings::default(), None);
    let journal = env::temp_dir().join(format!("icloud-ready-import-{}", process::id()));
    let creates = || {
        let requests = sandbox.control().requests();
        requests.iter().filter(|request| request.method == "POST").count()
    };
    let run = || on_sockets(import::import(&client, FILE.as_bytes(), &journal)).unwrap();

    assert_eq!((run(), creates()), (1, 2), "the row without a telephone number fails");
    // Begun, and interrupted before the responses.
    let begun: String = fs::read_to_string(&journal).unwrap().replace("= ", "> ");
    fs::write(&journal, begun).unwrap();
    assert_eq!((run(), creates()), (1, 2), "the CRM has the leads");
    assert_eq!((run(), creates()), (1, 2), "the journal has the leads");
    fs::remove_file(&journal).unwrap();
}
