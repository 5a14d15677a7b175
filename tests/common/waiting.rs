//! Waiting, for what happens outside of a test. The tests poll nowhere else.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// How long [`eventually`] waits: an event is late on a busy host, and a test that fails may take its time.
const PATIENCE: Duration = Duration::from_secs(90);

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits for an event; the test fails where it does not come.
pub(crate) async fn eventually(what: &str, check: impl AsyncFnMut() -> bool) {
    let waited = timeout(PATIENCE, until(check)).await;
    waited.unwrap_or_else(|_elapsed| panic!("{what}: not within {PATIENCE:?}"));
}

/// The same as [`eventually`] without a limit, for a caller that has one.
pub(crate) async fn until(mut check: impl AsyncFnMut() -> bool) {
    while !check().await {
        sleep(LOOK_EVERY).await;
    }
}
