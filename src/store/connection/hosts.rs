//! The servers that a URL names: the one is used that takes writes, and followed when another one is promoted.
//!
//! ```text
//! pool: each connection is asked before it is used: does its server take writes, and was none promoted after it?
//!   `- no, or no answer -> `recheck` wakes the follower: every host is asked, and new connections go to the one that is right
//! ```
//!
//! A server that was cut off and comes back still takes writes. It is known by its timeline, since each promotion begins a
//! higher one.

use std::io::{Error as IoError, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use backon::Retryable as _;
use futures::future::join_all;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use crate::backoff::of_a_service;
use crate::config::{StoreSettings, each_host};
use crate::store::StoreError;
use crate::tls::{self, AuthorityError};

/// The setting that names authorities.
const CA_FILE: &str = "store.ca_file";

/// How long a server may take to answer whether it takes writes, over an open connection.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// The same with connecting.
const PROBE_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a statement may hold its locks, also after its client has stopped waiting.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// What PostgreSQL is asked for with each connection of a pool, in its own words (chapters 20.3 and 20.11 of its manual). A
/// client that is cut off or loses its power closes nothing, and by default the server keeps its transactions, with their
/// locks, for ever, and its connections for two hours.
const FOR_LOST_CLIENTS: [(&str, &str); 5] = [
    // Longer than anything that is asked takes: `ANSWER_TIMEOUT`.
    ("idle_in_transaction_session_timeout", "30000"),
    ("tcp_keepalives_idle", "60"),
    ("tcp_keepalives_interval", "15"),
    ("tcp_keepalives_count", "4"),
    ("tcp_user_timeout", "120000"),
];

/// A pause before all hosts are asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// The parameter that asks PostgreSQL's own clients for a server that takes writes; `sqlx` does not know it.
const WANTED: &str = "target_session_attrs";

/// The task that follows the server which takes writes.
pub(super) type Following = AbortOnDropHandle<()>;

/// The servers that a URL names. Clones share what they know.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    servers: Arc<[PgConnectOptions]>,
    /// Whether a server is asked before it is used: not where the URL names only one, without the parameter.
    is_checked: bool,
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The highest timeline that was seen.
    timeline: AtomicI32,
    /// Wakes the task that follows the server which takes writes.
    recheck: Notify,
}

impl Hosts {
    pub(in crate::store) fn of(settings: &StoreSettings) -> Result<Self, StoreError> {
        let urls = each_host(&settings.url);
        let mut is_checked = urls.len() > 1;
        let mut servers = Vec::new();
        for url in urls {
            let (url, is_wanted) = without_target_session_attrs(url);
            is_checked |= is_wanted;
            servers.push(with_authorities(url.parse()?, &settings.ca_file)?);
        }
        Ok(Self {
            servers: servers.into(),
            is_checked,
            known: Arc::default(),
        })
    }

    /// The first that the URL names.
    pub(in crate::store) fn first(&self) -> PgConnectOptions {
        self.servers.first().cloned().unwrap_or_default()
    }

    /// The server that takes writes; where one is named and nothing is asked of it, that one.
    pub(in crate::store) async fn find(&self) -> Result<PgConnectOptions, StoreError> {
        if !self.is_checked {
            return Ok(self.first());
        }
        let probes = join_all(self.servers.iter().map(probe)).await;
        let answers: Vec<_> = self.servers.iter().zip(probes).collect();
        let newest = answers
            .iter()
            .filter_map(|(server, answer)| Some((server, *answer.as_ref().ok()?)))
            .max_by_key(|(_server, timeline)| *timeline);
        match newest {
            Some((server, timeline)) if self.known.is_current(timeline) => Ok((*server).clone()),
            _ => Err(StoreError::NoWriter(reasons(&answers))),
        }
    }

    /// Options of a pool whose connections are all to a server that takes writes.
    pub(super) fn pool_options(&self) -> PgPoolOptions {
        let options = PgPoolOptions::new();
        if !self.is_checked {
            return options;
        }
        let (connected, acquired) = (self.clone(), self.clone());
        options
            .test_before_acquire(false)
            .after_connect(move |connection, _meta| {
                let hosts = connected.clone();
                Box::pin(async move { hosts.check(connection).await })
            })
            .before_acquire(move |connection, _meta| {
                let hosts = acquired.clone();
                Box::pin(async move { hosts.check(connection).await.map(|()| true) })
            })
    }

    /// Has new connections of the pool go to the right server, until it is closed or what comes back is dropped.
    pub(super) fn follow(&self, pool: &PgPool) -> Option<Following> {
        if !self.is_checked {
            return None;
        }
        let (hosts, pool) = (self.clone(), pool.clone());
        let following = tokio::spawn(async move {
            let closed = pool.close_event();
            tokio::select! {
                () = closed => {}
                () = hosts.move_on(&pool) => {}
            }
        });
        Some(AbortOnDropHandle::new(following))
    }

    /// Something was not answered as it should be: another server may be the right one now.
    pub(super) fn request_recheck(&self) {
        self.known.recheck.notify_one();
    }

    async fn move_on(&self, pool: &PgPool) {
        loop {
            self.known.recheck.notified().await;
            let found = (|| self.find())
                .retry(of_a_service())
                .notify(|error, delay| tracing::warn!(%error, ?delay, "PostgreSQL cannot be used; its hosts are asked again after the delay"))
                .await;
            // Without an end it ends with a server only.
            let Ok(server) = found else { continue };
            let before = pool.connect_options();
            if place(&server) != place(&before) {
                tracing::warn!(
                    from = place(&before),
                    to = place(&server),
                    "another host of PostgreSQL takes writes now"
                );
                pool.set_connect_options(with_timeout(server));
            }
            sleep(PAUSE).await;
        }
    }

    async fn check(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let asked = timeout(CHECK_TIMEOUT, ask(connection)).await;
        let timeline = asked.unwrap_or_else(|_elapsed| Err(unfit(ErrorKind::TimedOut, "it does not answer")));
        let checked = timeline.and_then(|timeline| {
            let is_current = self.known.is_current(timeline);
            is_current
                .then_some(())
                .ok_or_else(|| unfit(ErrorKind::ReadOnlyFilesystem, "another server was promoted after it"))
        });
        if checked.is_err() {
            self.request_recheck();
        }
        checked
    }
}

impl Known {
    /// Whether no server with a higher timeline was seen.
    fn is_current(&self, timeline: i32) -> bool {
        self.timeline.fetch_max(timeline, Ordering::Relaxed) <= timeline
    }
}

/// Holds the certificate of a server against the authorities of a file, if there is one. What the URL may say of that
/// otherwise is `verify-ca`.
fn with_authorities(server: PgConnectOptions, file: &Path) -> Result<PgConnectOptions, AuthorityError> {
    if file.as_os_str().is_empty() {
        return Ok(server);
    }
    let authorities = tls::authorities(CA_FILE, file)?;
    let server = server.ssl_root_cert_from_pem(authorities.into_bytes());
    Ok(match server.get_ssl_mode() {
        PgSslMode::VerifyCa => server,
        _ => server.ssl_mode(PgSslMode::VerifyFull),
    })
}

/// For the connections of a pool.
pub(super) fn with_timeout(options: PgConnectOptions) -> PgConnectOptions {
    let statement_ms = STATEMENT_TIMEOUT.as_millis().to_string();
    options
        .options([("statement_timeout", statement_ms)])
        .options(FOR_LOST_CLIENTS)
}

/// The same URL without the parameter that `sqlx` does not know, and whether it had it.
fn without_target_session_attrs(text: String) -> (String, bool) {
    let Ok(mut url) = Url::parse(&text) else {
        return (text, false);
    };
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if pairs.iter().all(|(name, _value)| name != WANTED) {
        return (text, false);
    }
    url.query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().filter(|(name, _value)| name != WANTED));
    (url.into(), true)
}

async fn probe(server: &PgConnectOptions) -> Result<i32, sqlx::Error> {
    let asking = async {
        let mut connection = PgConnection::connect_with(server).await?;
        let timeline = ask(&mut connection).await?;
        connection.close().await?;
        Ok(timeline)
    };
    let asked = timeout(PROBE_TIMEOUT, asking).await;
    asked.unwrap_or_else(|_elapsed| Err(unfit(ErrorKind::TimedOut, "it does not answer")))
}

/// The timeline of a server that takes writes.
async fn ask(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let server = sqlx::query!(
        r#"SELECT current_setting('transaction_read_only')::bool AS "is_read_only!",
                  CASE WHEN pg_is_in_recovery() THEN 0
                       ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS "timeline!""#
    )
    .fetch_one(connection)
    .await?;
    if server.is_read_only {
        return Err(unfit(ErrorKind::ReadOnlyFilesystem, "it takes no writes"));
    }
    Ok(server.timeline)
}

fn unfit(kind: ErrorKind, reason: &str) -> sqlx::Error {
    sqlx::Error::Io(IoError::new(kind, reason.to_owned()))
}

/// One connection, beside a pool.
///
/// # Errors
/// Names the server.
pub(in crate::store) async fn connect_to(
    server: &PgConnectOptions,
    patience: Duration,
) -> Result<PgConnection, StoreError> {
    let connected = timeout(patience, PgConnection::connect_with(server)).await;
    let connected = connected.unwrap_or_else(|_elapsed| Err(unfit(ErrorKind::TimedOut, "it does not answer")));
    let place = format!("{}/{}", place(server), server.get_database().unwrap_or_default());
    connected.map_err(|source| match tls::mistrust(&source, CA_FILE) {
        Some(reason) => StoreError::Mistrusted { place, reason },
        None => StoreError::Unreachable { place, source },
    })
}

fn place(server: &PgConnectOptions) -> String {
    format!("{}:{}", server.get_host(), server.get_port())
}

fn reasons(answers: &[(&PgConnectOptions, Result<i32, sqlx::Error>)]) -> String {
    let reasons = answers.iter().map(|(server, answer)| match answer {
        Ok(timeline) => format!("{}: its timeline {timeline} is an old one", place(server)),
        Err(error) => format!("{}: {}", place(server), reason(error)),
    });
    reasons.collect::<Vec<_>>().join("; ")
}

fn reason(error: &sqlx::Error) -> String {
    tls::mistrust(error, CA_FILE).unwrap_or_else(|| match error {
        sqlx::Error::Io(error) => error.to_string(), // Without the words of sqlx.
        error => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_for_a_server_that_takes_writes_is_kept_from_a_client_that_does_not_know_it() {
        let cases = [
            ("postgres://me@one/v", "postgres://me@one/v", false),
            (
                "postgres://me@one/v?sslmode=require",
                "postgres://me@one/v?sslmode=require",
                false,
            ),
            (
                "postgres://me:p%40ss@one/v?target_session_attrs=read-write&sslmode=require",
                "postgres://me:p%40ss@one/v?sslmode=require",
                true,
            ),
        ];
        for (url, expected, is_wanted) in cases {
            assert_eq!(
                without_target_session_attrs(url.to_owned()),
                (expected.to_owned(), is_wanted)
            );
        }
    }

    #[test]
    fn a_connection_of_a_pool_is_bounded_on_the_side_of_the_server() {
        let options = with_timeout(PgConnectOptions::new_without_pgpass());
        let asked = options.get_options().unwrap_or_default();
        for expected in [
            "statement_timeout=10000",
            "idle_in_transaction_session_timeout=30000",
            "tcp_keepalives_idle=60",
        ] {
            assert!(asked.contains(expected), "{asked}");
        }
    }

    #[test]
    fn a_server_is_not_used_after_one_that_was_promoted_later() {
        let known = Known::default();
        for (timeline, is_current) in [(1, true), (1, true), (3, true), (2, false), (3, true)] {
            assert_eq!(known.is_current(timeline), is_current, "timeline {timeline}");
        }
    }
}
