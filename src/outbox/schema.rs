//! The tables and their migrations.
//!
//! The version of a store is the row `schema` of `facts`. A change of the tables is a new step at the end
//! of [`MIGRATIONS`]. [`TABLES`] and earlier steps never change, because a store may have any version.
//! Each statement is idempotent, because the process may die between two.

use crate::outbox::OutboxError;
use crate::outbox::store::{Row, Store, params};

/// The tables of version 1.
///
/// `leads.next_at` is when a lead is due in its state: for a send, a lookup, the expiry of a claim, or
/// its purge. `claim` counts the claims, so that the outcome of an older one changes nothing. `erased`:
/// 0 no, 1 as soon as the response arrives, 2 done.
///
/// `permits` are the requests that the CRM's rate limits allow in a window (`span`: 0 a minute, 1 an
/// hour), inserted as needed. A permit is held until a window's length after the end of its request.
const TABLES: [&str; 9] = [
    // First, because it identifies a store as an outbox.
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value)",
    "CREATE TABLE IF NOT EXISTS leads (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        reason TEXT,
        status REAL,
        claim REAL NOT NULL DEFAULT 0,
        attempts REAL NOT NULL DEFAULT 0,
        looks REAL NOT NULL DEFAULT 0,
        failures REAL NOT NULL DEFAULT 0,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        next_at REAL NOT NULL,
        erased REAL NOT NULL DEFAULT 0,
        crm_id TEXT,
        origin TEXT NOT NULL,
        digest TEXT NOT NULL,
        marks TEXT NOT NULL,
        lead TEXT,
        custom TEXT,
        dropped TEXT,
        warnings TEXT
    )",
    "CREATE INDEX IF NOT EXISTS leads_due ON leads (state, next_at)",
    "CREATE INDEX IF NOT EXISTS leads_erased ON leads (erased) WHERE erased = 1",
    "CREATE TABLE IF NOT EXISTS revisions (
        id TEXT NOT NULL,
        digest TEXT NOT NULL,
        at REAL NOT NULL,
        lead TEXT,
        PRIMARY KEY (id, digest)
    )",
    "CREATE TABLE IF NOT EXISTS permits (
        span REAL NOT NULL,
        number REAL NOT NULL,
        free_at REAL NOT NULL,
        PRIMARY KEY (span, number)
    )",
    "CREATE INDEX IF NOT EXISTS permits_free ON permits (span, free_at, number)",
    "CREATE TABLE IF NOT EXISTS clients (
        client TEXT PRIMARY KEY,
        tokens REAL NOT NULL,
        wide REAL NOT NULL,
        at REAL NOT NULL,
        full_at REAL NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS clients_full ON clients (full_at)",
];

/// One change of the tables.
enum MigrationStep {
    /// A statement.
    Execute(&'static str),
    /// A new column. `ALTER TABLE` by itself is not idempotent.
    Column { table: &'static str, name: &'static str, definition: &'static str },
    /// A new name for a column of `leads`.
    Rename { name: &'static str, definition: &'static str, to: &'static str },
}

/// The steps from each version to the next, from version 1.
const MIGRATIONS: [&[MigrationStep]; 5] = [
    // `client`: the digest of the address or site key of a lead's sender. `refusals`: 1 once the
    // CRM refused the lead, 2 when it is to be sent a last time.
    &[
        MigrationStep::Column { table: "leads", name: "client", definition: "TEXT" },
        MigrationStep::Column {
            table: "leads",
            name: "refusals",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_refused ON leads (client) WHERE refusals > 0",
        ),
        // In version 1 refused leads stopped all sending.
        MigrationStep::Execute("DELETE FROM facts WHERE name = 'parked' AND value = 'refusals'"),
        // The refusals of `refusals.rs`; `recent` contains those of the last hour as JSON.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS refusals (
                mistake TEXT NOT NULL,
                value TEXT NOT NULL,
                count REAL NOT NULL,
                clients REAL NOT NULL,
                first_at REAL NOT NULL,
                last_at REAL NOT NULL,
                alerted_at REAL,
                recent TEXT NOT NULL,
                PRIMARY KEY (mistake, value)
            )",
        ),
        // For scans of the CRM's list, which are called walks here. `confirmation`: the number of the
        // lead's confirmation. `confirmed_before`, `crm_date`: how many there were, and the CRM's
        // `Date`, before the lead was first sent. `unconfirmed`: how many 2xx responses did not confirm
        // it. `walks`: how many scans have not proven it absent. `walk`: the number of the scan it
        // takes part in. `proofs`: how many passes of that scan have proven it absent.
        MigrationStep::Column { table: "leads", name: "confirmation", definition: "REAL" },
        MigrationStep::Column { table: "leads", name: "confirmed_before", definition: "REAL" },
        MigrationStep::Column { table: "leads", name: "crm_date", definition: "REAL" },
        MigrationStep::Column {
            table: "leads",
            name: "unconfirmed",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column {
            table: "leads",
            name: "walks",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column { table: "leads", name: "walk", definition: "REAL" },
        MigrationStep::Column {
            table: "leads",
            name: "proofs",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        // The records that a scan has read, each with its first page.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS walk_records (record TEXT PRIMARY KEY, page REAL NOT NULL)",
        ),
    ],
    // `cause`: why the last request had no response, as a code. `answer`: the CRM's last response.
    // `failed_alone`: how often sending the lead failed while the CRM confirmed others;
    // `failed_at`: how many were confirmed at the last failure.
    &[
        MigrationStep::Column { table: "leads", name: "cause", definition: "TEXT" },
        MigrationStep::Column { table: "leads", name: "answer", definition: "TEXT" },
        MigrationStep::Column {
            table: "leads",
            name: "failed_alone",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column { table: "leads", name: "failed_at", definition: "REAL" },
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_poison ON leads (failed_alone) WHERE failed_alone >= 5",
        ),
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_stopped ON leads (state) \
             WHERE lead IS NOT NULL AND state IN ('dead', 'held')",
        ),
        // Numbers are consecutive, so the missing ones are those of deleted leads.
        MigrationStep::Execute(
            "INSERT OR IGNORE INTO facts (name, value) \
             SELECT 'leads_purged', COALESCE(MAX(seq), 0) - COUNT(*) FROM leads",
        ),
        // Pages freed by earlier versions may contain deleted bodies.
        MigrationStep::Execute("INSERT OR IGNORE INTO facts (name, value) VALUES ('deletion', 2)"),
        MigrationStep::Execute("DELETE FROM facts WHERE name IN ('age_level', 'age_at')"),
    ],
    // Names that operators see become standard terms. One pass over the leads, as there may be a million.
    &[
        MigrationStep::Rename { name: "looks", definition: "REAL", to: "lookups" },
        MigrationStep::Rename { name: "answer", definition: "TEXT", to: "response" },
        MigrationStep::Execute(
            "UPDATE leads SET \
             state = CASE state WHEN 'ready' THEN 'pending' WHEN 'inflight' THEN 'sending' \
             WHEN 'unsure' THEN 'unconfirmed' WHEN 'looking' THEN 'reconciling' \
             WHEN 'done' THEN 'delivered' ELSE state END, \
             reason = CASE reason WHEN 'unconfirmed' THEN 'unconfirmed_response' \
             WHEN 'unproven' THEN 'absence_unproven' WHEN 'unknown' THEN 'outcome_unknown' \
             WHEN 'abandoned' THEN 'claim_expired' WHEN 'may_not_look' THEN 'lookup_forbidden' \
             WHEN 'look_failed' THEN 'lookup_failed' \
             WHEN 'inconclusive' THEN 'lookup_inconclusive' WHEN 'limited' THEN 'rate_limited' \
             WHEN 'api' THEN 'client_error' WHEN 'token' THEN 'token_error' ELSE reason END \
             WHERE state IN ('ready', 'inflight', 'unsure', 'looking', 'done') OR reason IN \
             ('unconfirmed', 'unproven', 'unknown', 'abandoned', 'may_not_look', 'look_failed', \
             'inconclusive', 'limited', 'api', 'token')",
        ),
        MigrationStep::Execute(
            "UPDATE facts SET name = CASE name WHEN 'parked' THEN 'pause_reason' \
             WHEN 'park_status' THEN 'pause_status' WHEN 'park_at' THEN 'pause_trial_at' \
             WHEN 'park_failures' THEN 'pause_failures' \
             WHEN 'date_asked_at' THEN 'date_requested_at' \
             WHEN 'leads_done_total' THEN 'leads_delivered_total' \
             WHEN 'leads_repeated_total' THEN 'leads_duplicate_total' \
             WHEN 'leads_limited_total' THEN 'requests_rate_limited_total' \
             WHEN 'origins_refused_total' THEN 'origin_refused_total' \
             WHEN 'paths_not_found_total' THEN 'path_not_found_total' \
             WHEN 'tokens_refused_total' THEN 'admin_auth_failed_total' \
             WHEN 'looks_total' THEN 'lookups_total' ELSE name END",
        ),
        MigrationStep::Execute(
            "UPDATE facts SET value = CASE value WHEN 'api' THEN 'client_error' \
             WHEN 'token' THEN 'token_error' ELSE value END WHERE name = 'pause_reason'",
        ),
        // The raised alerts, a JSON object by kind.
        MigrationStep::Execute(
            "UPDATE facts SET value = replace(replace(replace(replace(value, \
             '\"parked\":', '\"paused\":'), '\"age\":', '\"backlog_age\":'), \
             '\"detail\":\"api\"', '\"detail\":\"client_error\"'), \
             '\"detail\":\"token\"', '\"detail\":\"token_error\"') WHERE name = 'alerts'",
        ),
    ],
    // `traceparent`: the trace of the page's request. `bytes`: the length of the lead's texts.
    // `restored`: 1 if the store is a restored backup, so that the CRM may have the lead.
    &[
        MigrationStep::Column { table: "leads", name: "traceparent", definition: "TEXT" },
        MigrationStep::Column {
            table: "leads",
            name: "bytes",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column {
            table: "leads",
            name: "restored",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Execute(
            "UPDATE leads SET bytes = LENGTH(lead) + COALESCE(LENGTH(custom), 0) \
             + COALESCE(LENGTH(dropped), 0) + COALESCE(LENGTH(warnings), 0) \
             WHERE lead IS NOT NULL AND state <> 'delivered'",
        ),
        // Covers the queries for the number and the bytes of undelivered leads, in total and of one
        // client.
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_waiting ON leads (client, bytes) \
             WHERE lead IS NOT NULL AND state <> 'delivered'",
        ),
        // Counters with labels, and the buckets of histograms. Apart from `facts`, which are read
        // before every send.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value REAL NOT NULL)",
        ),
        // The actions of operators: the token, the action, and the lead or the number of leads.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS audit (
                seq INTEGER PRIMARY KEY,
                at REAL NOT NULL,
                token TEXT NOT NULL,
                action TEXT NOT NULL,
                lead TEXT,
                count REAL
            )",
        ),
    ],
    // Lead sources. `event`: the delivered event as JSON, with the lead once it is fetched. `thin`:
    // whether the lead must be fetched. `leased`: whether a process has claimed it.
    // `missing_since`: when the platform was first found not to have it.
    &[
        MigrationStep::Column { table: "leads", name: "source", definition: "TEXT" },
        MigrationStep::Column { table: "leads", name: "account", definition: "TEXT" },
        MigrationStep::Column { table: "leads", name: "event", definition: "TEXT" },
        MigrationStep::Column {
            table: "leads",
            name: "thin",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column {
            table: "leads",
            name: "leased",
            definition: "REAL NOT NULL DEFAULT 0",
        },
        MigrationStep::Column { table: "leads", name: "missing_since", definition: "REAL" },
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_thin ON leads (source, account, next_at) \
             WHERE state = 'fetching' AND thin = 1",
        ),
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_unmapped ON leads (next_at) \
             WHERE state = 'fetching' AND thin = 0",
        ),
        MigrationStep::Execute(
            "CREATE INDEX IF NOT EXISTS leads_source ON leads (source, state) WHERE source IS NOT NULL",
        ),
        // The accounts of the sources; the one without a name has the source's counters.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS sources (
                name TEXT NOT NULL,
                account TEXT NOT NULL,
                pause_reason TEXT,
                pause_code REAL,
                trial_at REAL NOT NULL DEFAULT 0,
                failures REAL NOT NULL DEFAULT 0,
                rejected REAL NOT NULL DEFAULT 0,
                closed_until REAL NOT NULL DEFAULT 0,
                limited REAL NOT NULL DEFAULT 0,
                received REAL NOT NULL DEFAULT 0,
                known REAL NOT NULL DEFAULT 0,
                fetched REAL NOT NULL DEFAULT 0,
                backfilled REAL NOT NULL DEFAULT 0,
                last_at REAL,
                PRIMARY KEY (name, account)
            )",
        ),
        // `since`: the earliest creation time to read next, and `began`: when the current reading
        // began, both by the wall clock. `after`: the cursor of its next page.
        MigrationStep::Execute(
            "CREATE TABLE IF NOT EXISTS backfills (
                source TEXT NOT NULL,
                form TEXT NOT NULL,
                since REAL NOT NULL,
                began REAL,
                after TEXT,
                next_at REAL NOT NULL,
                leased REAL NOT NULL DEFAULT 0,
                failures REAL NOT NULL DEFAULT 0,
                PRIMARY KEY (source, form)
            )",
        ),
    ],
];

/// The current version of the tables.
pub const VERSION: u32 = MIGRATIONS.len() as u32 + 1;

/// The version of a store's tables; `None` if it is empty. Nothing is changed.
///
/// # Errors
///
/// If the store is unavailable, belongs to another program, or was written by a later version.
pub fn version(store: &impl Store) -> Result<Option<u32>, OutboxError> {
    let found = store.exec("SELECT name, sql FROM sqlite_master WHERE type = 'table'", &[])?;
    let is_ours = |row: &Row| {
        let sql = row.text(1).unwrap_or_default();
        row.text(0) == Some("facts") && sql.contains("(name TEXT PRIMARY KEY, value)")
    };
    // SQLite, Cloudflare and replication tools add their own tables.
    let is_foreign = |row: &Row| {
        !row.text(0).is_some_and(|name| name.starts_with("sqlite_") || name.starts_with('_'))
    };
    if !found.iter().any(is_ours) {
        return if found.iter().any(is_foreign) { Err(OutboxError::Foreign) } else { Ok(None) };
    }
    // Version 1 had no such row.
    let stored = store.exec("SELECT value FROM facts WHERE name = 'schema'", &[])?;
    let version = stored.first().map_or(1, |row| row.count(0));
    if version > VERSION { Err(OutboxError::Newer) } else { Ok(Some(version)) }
}

/// Creates or migrates the tables.
pub(super) fn migrate(store: &impl Store) -> Result<(), OutboxError> {
    let found = version(store)?;
    if found == Some(VERSION) {
        return Ok(());
    }
    for table in TABLES {
        store.exec(table, &[])?;
    }
    let done = found.unwrap_or(1).saturating_sub(1) as usize;
    for (index, steps) in MIGRATIONS.iter().enumerate().skip(done) {
        for step in *steps {
            step.run(store)?;
        }
        // After each version, because an earlier step would add again a column that a later one renamed.
        let stamp = "INSERT OR REPLACE INTO facts (name, value) VALUES ('schema', ?)";
        store.exec(stamp, params![index as u32 + 2])?;
    }
    Ok(())
}

impl MigrationStep {
    fn run(&self, store: &impl Store) -> Result<(), OutboxError> {
        match *self {
            Self::Execute(sql) => drop(store.exec(sql, &[])?),
            Self::Column { table, name, definition } => {
                let column = [name, " ", definition].concat();
                if !has_column(store, table, &column)? {
                    store.exec(&["ALTER TABLE ", table, " ADD COLUMN ", &column].concat(), &[])?;
                }
            }
            Self::Rename { name, definition, to } => {
                if has_column(store, "leads", &[name, " ", definition].concat())? {
                    let sql = ["ALTER TABLE leads RENAME COLUMN ", name, " TO ", to];
                    store.exec(&sql.concat(), &[])?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a table's definition contains that of a column.
fn has_column(store: &impl Store, table: &str, column: &str) -> Result<bool, OutboxError> {
    let sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?";
    let found = store.exec(sql, params![table])?;
    Ok(found.first().and_then(|row| row.text(0)).is_some_and(|sql| sql.contains(column)))
}
