//! Whether the daemon is there.
//!
//! A container has the daemon's socket as a bind mount of a file, and keeps that file when the daemon makes a new one in its
//! place. No proxy finds the new one by itself; its container, started again, does.

use std::path::Path;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

/// How often the daemon is looked for.
const EVERY: Duration = Duration::from_secs(5);

/// How long it may be away: an upgrade of Docker takes less.
const PATIENCE: Duration = Duration::from_secs(60);

/// Returns when no daemon has listened at this socket for a minute.
pub async fn daemon_lost(socket: &Path) {
    lost(socket, EVERY, PATIENCE).await;
}

async fn lost(socket: &Path, every: Duration, patience: Duration) {
    let mut latest = Instant::now();
    while latest.elapsed() < patience {
        sleep(every).await;
        if UnixStream::connect(socket).await.is_ok() {
            latest = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;
    use tokio::time::timeout;

    use super::*;

    const OFTEN: Duration = Duration::from_millis(5);
    const SHORT: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn a_daemon_is_lost_that_has_not_listened_for_a_while() {
        let name = format!("assize-watch-{}.sock", std::process::id());
        let path = std::env::temp_dir().join(name);
        let listener = UnixListener::bind(&path).unwrap();
        let mut losing = Box::pin(lost(&path, OFTEN, SHORT));
        let there = timeout(SHORT * 3, &mut losing).await;
        assert!(there.is_err(), "it listens");
        drop(listener);
        let away = timeout(SHORT / 4, &mut losing).await;
        assert!(away.is_err(), "it is away for a moment");
        timeout(SHORT * 50, losing).await.unwrap();
        std::fs::remove_file(&path).unwrap();
    }
}
