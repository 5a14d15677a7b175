//! How many packages of problems come at once, and that one is looked at at a time.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::gateway::body::memory::BodyMemory;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::per_site::{PerSite, UnderWay};
use crate::gateway::sites::tokens::Site;

/// Packages that a site sends at once.
const OF_A_SITE: usize = 2;

/// Packages that are put.
#[derive(Debug)]
pub(in crate::gateway) struct Uploads {
    of_a_site: PerSite,
    disk: BodyMemory,
    unpacking: Arc<Semaphore>,
}

/// A package that comes or is looked at.
#[derive(Debug)]
pub(in crate::gateway) struct Upload {
    _of_the_site: UnderWay,
    _disk: OwnedSemaphorePermit,
}

impl Uploads {
    /// Of archives of at most so many bytes.
    pub(in crate::gateway) fn of_at_most(bytes: u64) -> Self {
        Self {
            of_a_site: PerSite::at_most(OF_A_SITE),
            disk: BodyMemory::for_bodies_of(bytes),
            unpacking: Arc::new(Semaphore::new(1)),
        }
    }

    /// A package of a site, of so many bytes at most.
    pub(in crate::gateway) fn begin(&self, site: &Site, bytes: u64) -> Result<Upload, Refusal> {
        let too_many = || {
            let detail = format!(
                "{} sends {OF_A_SITE} packages already; send this one again in a while",
                site.name
            );
            Refusal::too_many(detail, 5)
        };
        Ok(Upload {
            _of_the_site: self.of_a_site.begin(&site.name).ok_or_else(too_many)?,
            _disk: self.disk.share(bytes)?,
        })
    }

    /// One package is unpacked at a time. Nothing closes what is waited for here.
    pub(in crate::gateway) async fn alone(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.unpacking).acquire_owned().await.ok()
    }
}
