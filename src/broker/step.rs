//! A deadline for each thing that the client is asked for: what is asked in the moment in which a connection is lost may
//! never end.

use tokio::time::timeout;

use crate::broker::connection::STEP_TIMEOUT;
use crate::broker::error::LinkError;

/// Does it within the time that the broker may take for one thing.
pub(super) async fn within<T>(step: impl Future<Output = Result<T, lapin::Error>>) -> Result<T, LinkError> {
    let done = timeout(STEP_TIMEOUT, step).await;
    Ok(done.map_err(|_elapsed| LinkError::Silent(STEP_TIMEOUT))??)
}
