//! Room for the bodies of all requests together, so that a crowd of large ones does not use up the host's: in memory, and on
//! the disk for packages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::gateway::refusal::Refusal;

/// Room for the bodies of all requests together.
#[derive(Debug)]
pub(in crate::gateway) struct BodyMemory {
    room: Arc<Semaphore>,
    of_a_site: usize,
    held: Held,
}

/// What the bodies of each site take up.
type Held = Arc<Mutex<HashMap<Arc<str>, usize>>>;

/// What a body of a site takes up, until it is dropped.
#[derive(Debug)]
pub(in crate::gateway) struct BodyShare {
    room: Arc<Semaphore>,
    of_a_site: usize,
    held: Held,
    site: Arc<str>,
    taken: Option<OwnedSemaphorePermit>,
}

/// What shares are counted in, in bytes.
const UNIT: u64 = 1024;

/// Bodies of the largest size that there is room for at once.
const LARGEST_BODIES: usize = 8;

/// The same of one site, so that it keeps no other one out.
const LARGEST_OF_A_SITE: usize = LARGEST_BODIES / 2;

impl BodyMemory {
    /// Room for bodies of at most so many bytes each.
    pub(in crate::gateway) fn for_bodies_of(most: u64) -> Self {
        let units = usize::try_from(most.div_ceil(UNIT)).unwrap_or(usize::MAX);
        let all = units.saturating_mul(LARGEST_BODIES).min(Semaphore::MAX_PERMITS);
        Self {
            room: Arc::new(Semaphore::new(all)),
            of_a_site: units.saturating_mul(LARGEST_OF_A_SITE),
            held: Held::default(),
        }
    }

    /// Room for one body, however much of it comes.
    pub(in crate::gateway) fn share(&self, bytes: u64) -> Result<OwnedSemaphorePermit, Refusal> {
        take(&self.room, units_of(bytes))
    }

    /// A body of a site, of which nothing has come.
    pub(in crate::gateway) fn begin(&self, site: &Arc<str>) -> BodyShare {
        BodyShare {
            room: Arc::clone(&self.room),
            of_a_site: self.of_a_site,
            held: Arc::clone(&self.held),
            site: Arc::clone(site),
            taken: None,
        }
    }
}

impl BodyShare {
    /// Room for all that has come of it, which is so many bytes. What a client only declares takes none.
    pub(in crate::gateway) fn grow_to(&mut self, bytes: u64) -> Result<(), Refusal> {
        let taken = self.taken.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = units_of(bytes).saturating_sub(taken);
        if more == 0 {
            return Ok(());
        }
        let mut held = lock(&self.held);
        let of_the_site = held.get(&self.site).copied().unwrap_or(0).saturating_add(more);
        if of_the_site > self.of_a_site {
            let detail = format!(
                "{} sends too many large bodies at once; send it again in a while",
                self.site
            );
            return Err(Refusal::too_many(detail, 1));
        }
        let permit = take(&self.room, more)?;
        match &mut self.taken {
            Some(taken) => taken.merge(permit),
            None => self.taken = Some(permit),
        }
        held.insert(Arc::clone(&self.site), of_the_site);
        Ok(())
    }
}

impl Drop for BodyShare {
    fn drop(&mut self) {
        let Some(taken) = &self.taken else { return };
        let mut held = lock(&self.held);
        let left = held.get(&self.site).copied().unwrap_or(0);
        match left.saturating_sub(taken.num_permits()) {
            0 => drop(held.remove(&self.site)),
            left => drop(held.insert(Arc::clone(&self.site), left)),
        }
    }
}

fn units_of(bytes: u64) -> usize {
    usize::try_from(bytes.div_ceil(UNIT)).unwrap_or(usize::MAX)
}

fn take(room: &Arc<Semaphore>, units: usize) -> Result<OwnedSemaphorePermit, Refusal> {
    let units = u32::try_from(units).unwrap_or(u32::MAX);
    let detail = "too many large bodies are on their way; send it again in a while";
    let taken = Arc::clone(room).try_acquire_many_owned(units);
    taken.map_err(|_none_left| Refusal::busy(detail))
}

fn lock(held: &Held) -> MutexGuard<'_, HashMap<Arc<str>, usize>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(memory: &BodyMemory, site: &str, bytes: u64) -> Result<BodyShare, u16> {
        let mut share = memory.begin(&site.into());
        let grown = share.grow_to(bytes);
        grown.map(|()| share).map_err(|refusal| refusal.as_document().status)
    }

    #[test]
    fn bodies_share_their_memory_and_give_it_back() {
        let memory = BodyMemory::for_bodies_of(10 * UNIT);
        let mut held: Vec<_> = (0..8).map(|_| memory.share(10 * UNIT).unwrap()).collect();
        assert!(memory.share(1).is_err());
        assert_eq!(begun(&memory, "one", 1).unwrap_err(), 503);
        held.pop();
        let _small = memory.share(1).unwrap();
        assert!(memory.share(10 * UNIT).is_err());
        assert!(memory.share(9 * UNIT).is_ok());
    }

    #[test]
    fn a_site_has_half_of_the_memory_and_takes_it_as_its_bodies_come() {
        let memory = BodyMemory::for_bodies_of(10 * UNIT);
        let declared: Vec<_> = (0..100).map(|_| memory.begin(&"one".into())).collect();
        let mut growing = begun(&memory, "one", 1).unwrap();
        let held: Vec<_> = (0..3).map(|_| begun(&memory, "one", 10 * UNIT).unwrap()).collect();
        growing.grow_to(10 * UNIT).unwrap();
        growing.grow_to(5 * UNIT).unwrap();
        assert_eq!(begun(&memory, "one", 1).unwrap_err(), 429);
        let others: Vec<_> = (0..4).map(|_| begun(&memory, "other", 10 * UNIT).unwrap()).collect();
        assert_eq!(begun(&memory, "third", 1).unwrap_err(), 503);
        drop((declared, growing));
        assert!(begun(&memory, "one", 10 * UNIT).is_ok());
        drop((held, others));
        assert!(lock(&memory.held).is_empty(), "sites without a body take up nothing");
        assert_eq!(memory.room.available_permits(), 80);
    }
}
