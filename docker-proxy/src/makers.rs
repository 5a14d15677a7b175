//! Which workers are there: who has made a box, or used one, over a connection that is still open, or was until a moment
//! ago.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use assize_docker_box::WORKER_SECRET;
use hyper::HeaderMap;

use crate::refusal::Refusal;

/// How long after its last connection a worker may come back to its boxes. One that was killed has no connection, and
/// its boxes end by themselves.
const GONE_AFTER: Duration = Duration::from_secs(60);

/// Longest secret, in bytes.
const LONGEST: usize = 128;

/// Who makes a box: a worker, told by the secret that it has made up, or one of those that send none.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Maker(Option<Arc<str>>);

/// The makers that are there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Makers(Arc<Mutex<HashMap<Maker, Presence>>>);

#[derive(Debug)]
struct Presence {
    connections: usize,
    last_seen: Instant,
}

/// A connection of a maker, until it is dropped.
#[derive(Debug)]
pub(crate) struct Here {
    makers: Makers,
    maker: Maker,
}

impl Maker {
    /// The sender of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(secret) = headers.get(WORKER_SECRET) else {
            return Ok(Self(None));
        };
        let secret = secret
            .to_str()
            .ok()
            .filter(|secret| !secret.is_empty() && secret.len() <= LONGEST);
        let secret = secret.ok_or_else(|| Refusal::forbidden(format!("its header {WORKER_SECRET} is no secret")))?;
        Ok(Self(Some(secret.into())))
    }
}

/// A secret is not for logs.
impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Maker(a secret)"
        } else {
            "Maker(none)"
        })
    }
}

impl Makers {
    /// A connection of this maker is open for as long as what is given lives.
    pub(crate) fn enter(&self, maker: &Maker) -> Here {
        let mut makers = self.locked();
        makers.retain(|_maker, presence| !presence.is_gone());
        let presence = makers.entry(maker.clone()).or_insert_with(|| Presence {
            connections: 0,
            last_seen: Instant::now(),
        });
        presence.connections += 1;
        Here {
            makers: self.clone(),
            maker: maker.clone(),
        }
    }

    /// Whether a connection of this maker is open, or was a moment ago.
    pub(crate) fn is_here(&self, maker: &Maker) -> bool {
        self.locked().get(maker).is_some_and(|presence| !presence.is_gone())
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Maker, Presence>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Presence {
    fn is_gone(&self) -> bool {
        self.connections == 0 && self.last_seen.elapsed() >= GONE_AFTER
    }
}

impl Here {
    /// Whether it is this maker's.
    pub(crate) fn is_of(&self, maker: &Maker) -> bool {
        self.maker == *maker
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if let Some(presence) = self.makers.locked().get_mut(&self.maker) {
            presence.connections -= 1;
            presence.last_seen = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(secret: &str) -> Maker {
        Maker(Some(secret.into()))
    }

    #[test]
    fn a_maker_is_here_while_a_connection_is_open_and_a_while_beyond() {
        let makers = Makers::default();
        assert!(!makers.is_here(&maker("a")));
        let (first, second) = (makers.enter(&maker("a")), makers.enter(&maker("a")));
        drop(first);
        makers.locked().get_mut(&maker("a")).unwrap().last_seen -= GONE_AFTER;
        assert!(makers.is_here(&maker("a")), "one connection is open");
        drop(second);
        assert!(makers.is_here(&maker("a")), "it was there until now");
        makers.locked().get_mut(&maker("a")).unwrap().last_seen -= GONE_AFTER;
        assert!(!makers.is_here(&maker("a")));
        let _other = makers.enter(&maker("b"));
        assert_eq!(makers.locked().len(), 1, "who is gone takes no memory");
    }

    #[test]
    fn a_secret_is_a_word_and_is_not_shown() {
        let mut headers = HeaderMap::new();
        assert_eq!(Maker::of(&headers), Ok(Maker(None)));
        headers.insert(WORKER_SECRET, "word".parse().unwrap());
        let known = Maker::of(&headers).unwrap();
        assert_eq!(known, maker("word"));
        assert!(!format!("{known:?}").contains("word"));
        for wrong in [String::new(), "x".repeat(LONGEST + 1)] {
            headers.insert(WORKER_SECRET, wrong.parse().unwrap());
            Maker::of(&headers).unwrap_err();
        }
    }
}
