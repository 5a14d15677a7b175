//! Who asks, and what that site may do.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, StatusCode};
use tokio::task::spawn_blocking;

use crate::config::Quotas;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::standing::Standings;
use crate::gateway::sites::token_file::{Scope, TokenFileError, digest_of, read_tokens};

/// How long a token that was revoked may still work.
const REREAD: Duration = Duration::from_secs(2);

/// Name of the one client where there are no tokens.
const LOCAL: &str = "local";

/// A client of the service.
#[derive(Debug, Clone)]
pub(in crate::gateway) struct Site {
    pub(in crate::gateway) name: Arc<str>,
    scopes: Arc<[Scope]>,
    /// How much it may use.
    pub(in crate::gateway) quotas: Quotas,
    /// How much of that is left, as far as it was looked at for the request that it sends.
    pub(in crate::gateway) standings: Standings,
}

impl Site {
    /// Whether it may do this.
    pub(in crate::gateway) fn may(&self, scope: Scope) -> bool {
        let implied = |held: &Scope| match held {
            Scope::Admin => true,
            Scope::ReadAll => scope == Scope::Read,
            _ => false,
        };
        self.scopes.iter().any(|held| *held == scope || implied(held))
    }

    fn scopes_in_words(&self) -> String {
        let names: Vec<&str> = self.scopes.iter().map(|scope| scope.name()).collect();
        match &names[..] {
            [] => "nothing".to_owned(),
            [only] => (*only).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    /// The same, whose quotas are noted here.
    pub(in crate::gateway) fn told(self, standings: Standings) -> Self {
        Self { standings, ..self }
    }

    /// Whether the CPU time of its submissions is counted.
    pub(in crate::gateway) fn is_charged(&self) -> bool {
        self.quotas.cpu_seconds_per_hour > 0
    }

    /// Refuses what it may not do.
    pub(in crate::gateway) fn require(&self, scope: Scope) -> Result<(), Refusal> {
        if self.may(scope) {
            return Ok(());
        }
        let detail = format!(
            "the token of {} allows {}, and not {}; assize token new makes one that does",
            self.name,
            self.scopes_in_words(),
            scope.name()
        );
        Err(Refusal::new(StatusCode::FORBIDDEN, "forbidden", detail))
    }
}

/// The tokens that are known.
#[derive(Debug)]
pub(in crate::gateway) enum Tokens {
    /// Every client of this host may do everything.
    None(Site),
    /// Those of a file, which may change.
    File(Arc<FileTokens>),
}

#[derive(Debug)]
pub(in crate::gateway) struct FileTokens {
    path: PathBuf,
    /// Of a site whose token says nothing else.
    quotas: Quotas,
    /// Held for moments only: the file is read without it.
    known: Mutex<KnownTokens>,
}

#[derive(Debug)]
struct KnownTokens {
    /// When the file was changed last, as it was read.
    changed: Option<SystemTime>,
    looked_at: Instant,
    sites: HashMap<[u8; 32], Site>,
}

impl Tokens {
    /// The tokens of a file; with an empty path, none. A site has these quotas where its token says nothing else.
    pub(in crate::gateway) fn open(path: PathBuf, quotas: Quotas) -> Result<Self, TokenFileError> {
        if path.as_os_str().is_empty() {
            return Ok(Self::None(Site {
                name: LOCAL.into(),
                scopes: [Scope::Admin].into(),
                quotas,
                standings: Standings::default(),
            }));
        }
        let tokens = FileTokens {
            path,
            quotas,
            known: Mutex::new(KnownTokens {
                changed: None,
                looked_at: Instant::now(),
                sites: HashMap::new(),
            }),
        };
        tokens.read()?;
        Ok(Self::File(Arc::new(tokens)))
    }

    pub(in crate::gateway) fn are_needed(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The site that sends these headers.
    pub(in crate::gateway) async fn site(&self, headers: &HeaderMap) -> Result<Site, Refusal> {
        match self {
            Self::None(local) => is_this_host(headers).map(|()| local.clone()),
            Self::File(tokens) => {
                let secret = secret_of(headers).ok_or_else(|| unauthorized("a token is needed"))?;
                let site = tokens.find(&digest_of(secret)).await;
                site.ok_or_else(|| unauthorized("the token is not known, or was revoked"))
            }
        }
    }

    /// The site whose token has this SHA-256.
    pub(in crate::gateway) async fn of_digest(&self, digest: &[u8; 32]) -> Option<Site> {
        match self {
            Self::None(_) => None,
            Self::File(tokens) => tokens.find(digest).await,
        }
    }
}

impl FileTokens {
    async fn find(self: &Arc<Self>, digest: &[u8; 32]) -> Option<Site> {
        if self.is_to_be_looked_at() {
            let tokens = Arc::clone(self);
            // A client that does not wait for it does not keep the next ones from what was read.
            if let Err(error) = spawn_blocking(move || tokens.refresh()).await {
                tracing::error!(%error, "the tokens cannot be looked at; they are those that were read before");
            }
        }
        self.known().sites.get(digest).cloned()
    }

    /// Whether it is time; then it is for this caller to do so.
    fn is_to_be_looked_at(&self) -> bool {
        let mut known = self.known();
        let is_time = known.looked_at.elapsed() >= REREAD;
        if is_time {
            known.looked_at = Instant::now();
        }
        is_time
    }

    /// Reads a file that has changed. One that cannot be read leaves what is known.
    fn refresh(&self) {
        if self.changed_at() == self.known().changed {
            return;
        }
        if let Err(error) = self.read() {
            tracing::error!(%error, "the tokens are those that were read before");
        }
    }

    fn read(&self) -> Result<(), TokenFileError> {
        let changed = self.changed_at();
        let records = read_tokens(&self.path)?.into_iter();
        let sites = records.map(|record| {
            let site = Site {
                quotas: record.quotas_over(self.quotas),
                name: record.name.into(),
                scopes: record.scopes.into(),
                standings: Standings::default(),
            };
            (record.digest, site)
        });
        let sites = sites.collect();
        let mut known = self.known();
        (known.sites, known.changed) = (sites, changed);
        Ok(())
    }

    fn changed_at(&self) -> Option<SystemTime> {
        std::fs::metadata(&self.path).and_then(|found| found.modified()).ok()
    }

    fn known(&self) -> MutexGuard<'_, KnownTokens> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn secret_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (kind, secret) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn unauthorized(reason: &str) -> Refusal {
    let detail = format!("{reason}; send it as Authorization: Bearer TOKEN, assize token new makes one");
    Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}

/// A page that a browser shows could reach this host by a name of its own (DNS rebinding), so the name has to be one of
/// this host where there are no tokens.
fn is_this_host(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    if hosts.next().is_some() {
        let detail = "the request has more than one Host header";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "host", detail));
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = address
        .parse()
        .is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    if is_loopback || name.eq_ignore_ascii_case("localhost") {
        return Ok(());
    }
    let detail = "without tokens the service is called localhost; set serve.token_file to use another name";
    Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, "host", detail))
}
