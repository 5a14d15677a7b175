//! What was measured.

use std::collections::BTreeMap;

use serde::Serialize;

/// Everything.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Results {
    pub(crate) starts: Vec<Start>,
    pub(crate) idle: Vec<Idle>,
    pub(crate) drains: Vec<Drain>,
    pub(crate) purge: Purge,
}

/// Workers that were started at once, until the last one was ready.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    pub(crate) workers: usize,
    pub(crate) seconds: f64,
}

/// Workers that have nothing to do.
#[derive(Debug, Serialize)]
pub(crate) struct Idle {
    pub(crate) workers: usize,
    pub(crate) slots: usize,
    pub(crate) broker_connections: f64,
    pub(crate) channels: f64,
    pub(crate) queues: f64,
    pub(crate) broker_bytes: f64,
    pub(crate) database_connections: f64,
    /// Each in CPUs that are busy: RabbitMQ, PostgreSQL, all workers.
    pub(crate) broker_cpus: f64,
    pub(crate) database_cpus: f64,
    pub(crate) worker_cpus: f64,
    pub(crate) statements_per_s: f64,
    pub(crate) statements: Vec<Statement>,
}

/// A queue that was drained. What is counted is for each submission, unless its name says otherwise.
#[derive(Debug, Serialize)]
pub(crate) struct Drain {
    pub(crate) workers: usize,
    pub(crate) slots: usize,
    pub(crate) submissions: u32,
    /// From a tenth of the answers to the last one.
    pub(crate) per_s: f64,
    pub(crate) verdicts: BTreeMap<String, u32>,
    pub(crate) repeated: u32,
    pub(crate) broker_cpu_ms: f64,
    pub(crate) database_cpu_ms: f64,
    pub(crate) worker_cpu_ms: f64,
    pub(crate) received: f64,
    pub(crate) delivered: f64,
    pub(crate) acknowledged: f64,
    pub(crate) transactions: f64,
    pub(crate) statements_each: f64,
    pub(crate) wal_bytes: f64,
    pub(crate) table_bytes: f64,
    pub(crate) database_connections_in_all: f64,
    pub(crate) broker_bytes_in_all: f64,
    pub(crate) statements: Vec<Statement>,
}

/// A statement, with all its calls.
#[derive(Debug, Serialize)]
pub(crate) struct Statement {
    pub(crate) query: String,
    pub(crate) calls: f64,
    pub(crate) total_ms: f64,
    pub(crate) rows: f64,
}

/// Submissions that were removed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Purge {
    pub(crate) submissions: u64,
    pub(crate) seconds: f64,
    /// Of the first tenth of them, and of the last one: whether it becomes slower.
    pub(crate) first_tenth_s: f64,
    pub(crate) last_tenth_s: f64,
}
