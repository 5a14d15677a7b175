//! Room for the bodies of all requests together, so that a crowd of large ones does not use up the host's: in memory, and on
//! the disk for packages.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::gateway::refusal::Refusal;

/// Room for the bodies of all requests together.
#[derive(Debug)]
pub(in crate::gateway) struct BodyMemory(Arc<Semaphore>);

/// What shares are counted in, in bytes.
const UNIT: u64 = 1024;

/// Bodies of the largest size that there is room for at once.
const LARGEST_BODIES: usize = 8;

impl BodyMemory {
    /// Room for bodies of at most so many bytes each.
    pub(in crate::gateway) fn for_bodies_of(most: u64) -> Self {
        let units = usize::try_from(most.div_ceil(UNIT)).unwrap_or(usize::MAX);
        let units = units.saturating_mul(LARGEST_BODIES);
        Self(Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))))
    }

    /// Room for one body.
    pub(in crate::gateway) fn share(&self, bytes: u64) -> Result<OwnedSemaphorePermit, Refusal> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        let share = Arc::clone(&self.0).try_acquire_many_owned(units);
        let detail = "too many large bodies are on their way; send it again in a while";
        share.map_err(|_none_left| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).after(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_their_memory_and_give_it_back() {
        let memory = BodyMemory::for_bodies_of(10 * UNIT);
        let mut held: Vec<_> = (0..8).map(|_| memory.share(10 * UNIT).unwrap()).collect();
        assert!(memory.share(1).is_err());
        held.pop();
        let _small = memory.share(1).unwrap();
        assert!(memory.share(10 * UNIT).is_err());
        assert!(memory.share(9 * UNIT).is_ok());
    }
}
