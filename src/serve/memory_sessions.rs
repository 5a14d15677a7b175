//! Sessions of the page, of a service that has everything in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Sessions that one token may have; the oldest end. So no token ends those of another.
const OF_A_TOKEN: usize = 50;

/// SHA-256 of what a cookie holds, or of a token.
type Digest = [u8; 32];

/// Operators who are logged in, by their cookies.
#[derive(Debug, Default)]
pub(super) struct MemorySessions(Mutex<HashMap<Digest, Session>>);

#[derive(Debug, Clone, Copy)]
struct Session {
    token: Digest,
    began_at: Instant,
    lasts: Duration,
}

impl Session {
    fn is_over(&self) -> bool {
        self.began_at.elapsed() >= self.lasts
    }
}

impl MemorySessions {
    /// Begins a session, and forgets what is over.
    pub(super) fn begin(&self, digest: Digest, token: Digest, lasts: Duration) {
        let mut sessions = self.lock();
        sessions.retain(|_digest, session| !session.is_over());
        let of_token = sessions.iter().filter(|(_digest, session)| session.token == token);
        let mut of_token: Vec<(Instant, Digest)> =
            of_token.map(|(digest, session)| (session.began_at, *digest)).collect();
        of_token.sort_unstable();
        let most = OF_A_TOKEN - 1;
        for (_began_at, oldest) in of_token.iter().take(of_token.len().saturating_sub(most)) {
            sessions.remove(oldest);
        }
        let began_at = Instant::now();
        sessions.insert(digest, Session { token, began_at, lasts });
    }

    /// The token of a session that is not over.
    pub(super) fn find(&self, digest: &Digest) -> Option<Digest> {
        let sessions = self.lock();
        let session = sessions.get(digest).filter(|session| !session.is_over());
        session.map(|session| session.token)
    }

    /// Ends a session.
    pub(super) fn end(&self, digest: &Digest) {
        self.lock().remove(digest);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_its_own_sessions_and_no_other_ones() {
        let (sessions, hour) = (MemorySessions::default(), Duration::from_secs(3600));
        let digest = |number: u8| [number; 32];
        sessions.begin(digest(255), digest(2), hour);
        for number in 0..=100 {
            sessions.begin(digest(number), digest(1), hour);
        }
        let alive = (0..=100).filter(|number| sessions.find(&digest(*number)).is_some());
        assert_eq!(
            alive.collect::<Vec<u8>>(),
            (51..=100).collect::<Vec<u8>>(),
            "the newest 50"
        );
        assert_eq!(sessions.find(&digest(255)), Some(digest(2)), "another token's");
        sessions.end(&digest(255));
        assert_eq!(sessions.find(&digest(255)), None);
        sessions.begin(digest(254), digest(3), Duration::ZERO);
        assert_eq!(sessions.find(&digest(254)), None, "it is over");
    }
}
