//! The tables.

/// What makes them, statement by statement; each does nothing where it is done already.
///
/// `leads.next_at` is when something is due for a lead, whatever its state: a send, a look, the
/// end of a claim, the purge of what is kept. `claim` counts the claims, so that what comes of an
/// older one changes nothing. `erased`: 0 no, 1 as soon as the answer is there, 2 done.
///
/// `permits` are the calls that the CRM's limits allow in a window of time (`span`: 0 a minute, 1
/// an hour), made as they are needed; one is taken until a window after its call's end.
pub(super) const TABLES: [&str; 9] = [
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
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value)",
];
