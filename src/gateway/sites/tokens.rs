//! Who asks, and what that site may do.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, StatusCode};

use crate::gateway::refusal::Refusal;
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

    /// Refuses what it may not do.
    pub(in crate::gateway) fn require(&self, scope: Scope) -> Result<(), Refusal> {
        if self.may(scope) {
            return Ok(());
        }
        let detail = format!(
            "the token of {} does not allow {}; see assize token",
            self.name,
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
    File(Box<Mutex<FileTokens>>),
}

#[derive(Debug)]
pub(in crate::gateway) struct FileTokens {
    path: PathBuf,
    changed: Option<SystemTime>,
    looked_at: Instant,
    known: HashMap<[u8; 32], Site>,
}

impl Tokens {
    /// The tokens of a file; with an empty path, none.
    pub(in crate::gateway) fn open(path: PathBuf) -> Result<Self, TokenFileError> {
        if path.as_os_str().is_empty() {
            return Ok(Self::None(Site {
                name: LOCAL.into(),
                scopes: [Scope::Admin].into(),
            }));
        }
        let mut tokens = FileTokens {
            path,
            changed: None,
            looked_at: Instant::now(),
            known: HashMap::new(),
        };
        tokens.read()?;
        Ok(Self::File(Box::new(Mutex::new(tokens))))
    }

    pub(in crate::gateway) fn are_needed(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The site that sends these headers.
    pub(in crate::gateway) fn site(&self, headers: &HeaderMap) -> Result<Site, Refusal> {
        match self {
            Self::None(local) => is_this_host(headers).map(|()| local.clone()),
            Self::File(tokens) => {
                let secret = secret_of(headers).ok_or_else(|| unauthorized("a token is needed"))?;
                let mut tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
                let site = tokens.find(&digest_of(secret));
                site.ok_or_else(|| unauthorized("the token is not known, or was revoked"))
            }
        }
    }

    /// The site whose token has this SHA-256.
    pub(in crate::gateway) fn of_digest(&self, digest: &[u8; 32]) -> Option<Site> {
        match self {
            Self::None(_) => None,
            Self::File(tokens) => tokens.lock().unwrap_or_else(PoisonError::into_inner).find(digest),
        }
    }
}

impl FileTokens {
    fn find(&mut self, digest: &[u8; 32]) -> Option<Site> {
        self.refresh();
        self.known.get(digest).cloned()
    }

    /// Reads a file that has changed. One that cannot be read leaves what is known.
    fn refresh(&mut self) {
        if self.looked_at.elapsed() < REREAD {
            return;
        }
        self.looked_at = Instant::now();
        if self.changed_at() == self.changed {
            return;
        }
        if let Err(error) = self.read() {
            tracing::error!(%error, "the tokens are those that were read before");
        }
    }

    fn read(&mut self) -> Result<(), TokenFileError> {
        let changed = self.changed_at();
        let records = read_tokens(&self.path)?.into_iter();
        self.known = records
            .map(|record| {
                let site = Site {
                    name: record.name.into(),
                    scopes: record.scopes.into(),
                };
                (record.digest, site)
            })
            .collect();
        self.changed = changed;
        Ok(())
    }

    fn changed_at(&self) -> Option<SystemTime> {
        std::fs::metadata(&self.path).and_then(|found| found.modified()).ok()
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
