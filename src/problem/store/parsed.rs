//! Parsed packages in memory, within a size: the one that was not used for longest goes first.

use std::future::Future;
use std::sync::Arc;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::task::spawn_blocking;

use crate::problem::{Package, ProblemError};
use crate::telemetry::metrics;

/// Which state of which problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) state: String,
}

/// Parsed packages, each of which is loaded once however many ask for it.
#[derive(Debug, Clone)]
pub(super) struct ParsedPackages {
    cache: Cache<Key, Arc<Package>>,
}

impl ParsedPackages {
    /// At most so many bytes of them.
    pub(super) fn within(most_bytes: u64) -> Self {
        let weigh = |key: &Key, package: &Arc<Package>| {
            let bytes = key.id.len() + key.state.len() + package.held_bytes();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        // A package that is new is what submissions come to: frequency, which moka goes by otherwise, would keep it out.
        let cache = Cache::builder()
            .max_capacity(most_bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { cache }
    }

    /// The package, loaded if it is not there. All who ask meanwhile wait for the same load, and get its error.
    pub(super) async fn get(
        &self,
        key: Key,
        load: impl Future<Output = Result<Package, ProblemError>>,
    ) -> Result<Arc<Package>, ProblemError> {
        let counted = async {
            metrics().packages_parsed.inc();
            load.await.map(Arc::new)
        };
        let loaded = self.cache.try_get_with(key, counted).await;
        metrics()
            .package_bytes
            .set(i64::try_from(self.cache.weighted_size()).unwrap_or(i64::MAX));
        loaded.map_err(|error| ProblemError::clone(&error))
    }

    /// The package, if it is there.
    pub(super) async fn known(&self, key: &Key) -> Option<Arc<Package>> {
        self.cache.get(key).await
    }

    /// The package is to be loaded anew.
    pub(super) async fn forget(&self, key: &Key) {
        self.cache.invalidate(key).await;
    }
}

/// Work on files, which blocks, apart from what must not wait for it.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProblemError> + Send + 'static,
) -> Result<T, ProblemError> {
    spawn_blocking(work).await?
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::problem::ProblemFault;

    fn package(bytes: usize) -> Package {
        let place = tempfile::tempdir().unwrap();
        let secret = place.path().join("data/secret");
        std::fs::create_dir_all(&secret).unwrap();
        std::fs::write(place.path().join("problem.yaml"), "name: x\n").unwrap();
        std::fs::write(secret.join("1.in"), vec![b'1'; bytes]).unwrap();
        std::fs::write(secret.join("1.ans"), "1\n").unwrap();
        Package::load(place.path()).unwrap().with_small_files()
    }

    fn key(id: &str) -> Key {
        Key {
            id: id.to_owned(),
            state: String::new(),
        }
    }

    #[tokio::test]
    async fn concurrent_first_callers_share_one_load_and_its_error() {
        let parsed = ParsedPackages::within(1 << 20);
        let loads = AtomicUsize::new(0);
        let load = |fails: bool| {
            loads.fetch_add(1, Ordering::Relaxed);
            let loaded = if fails {
                Err(ProblemFault::Unknown("x".to_owned()).into())
            } else {
                Ok(package(10))
            };
            async move {
                tokio::task::yield_now().await;
                loaded
            }
        };
        for fails in [true, false] {
            let ask = || async { parsed.get(key("x"), async { load(fails).await }).await };
            let asked = futures::future::join_all((0..8).map(|_| ask())).await;
            assert!(asked.iter().all(|package| package.is_err() == fails));
        }
        assert_eq!(loads.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn memory_has_a_bound_and_what_was_not_used_for_longest_goes_first() {
        let parsed = ParsedPackages::within(100_000);
        for id in ["one", "two", "three", "four", "five"] {
            parsed.get(key(id), async { Ok(package(40_000)) }).await.unwrap();
            // "one" is used all the time.
            parsed.get(key("one"), async { Ok(package(40_000)) }).await.unwrap();
            parsed.cache.run_pending_tasks().await;
        }
        let mut kept = Vec::new();
        for id in ["one", "two", "three", "four", "five"] {
            if parsed.known(&key(id)).await.is_some() {
                kept.push(id);
            }
        }
        assert_eq!(kept, ["one", "five"]);
        assert!(parsed.cache.weighted_size() <= 100_000);
    }
}
