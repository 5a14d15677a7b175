//! Built validators on disk, so that a worker that starts anew need not build them again.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::spawn_blocking;

use crate::disk_cache::{DiskCache, Lease};
use crate::host_fault::lacks_room;

/// Built validators on disk. What cannot be read or written there is built again.
#[derive(Debug)]
pub(super) struct BuiltOnDisk(Option<Arc<DiskCache>>);

impl BuiltOnDisk {
    /// In this directory; nowhere where its name is empty.
    pub(super) fn at(directory: &Path, most_bytes: u64) -> Self {
        let is_named = !directory.as_os_str().is_empty();
        Self(is_named.then(|| Arc::new(DiskCache::at(directory, most_bytes))))
    }

    /// Removes what is too much.
    pub(super) async fn make_room(&self) {
        let Some(cache) = self.0.clone() else {
            return;
        };
        if let Err(error) = spawn_blocking(move || cache.make_room()).await {
            tracing::error!(%error, "looking through the built validators on disk failed");
        }
    }

    pub(super) async fn get(&self, hash: &str) -> Option<Bytes> {
        let (cache, hash) = (Arc::clone(self.0.as_ref()?), hash.to_owned());
        let read = spawn_blocking(move || {
            let lease = cache.lease(&hash).ok()??;
            std::fs::read(lease.path()).ok()
        });
        read.await.ok()?.map(Bytes::from)
    }

    pub(super) async fn put(&self, hash: &str, built: Bytes) {
        let Some(cache) = self.0.clone() else {
            return;
        };
        let hash = hash.to_owned();
        let written = spawn_blocking(move || {
            let kept = match keep(&cache, &hash, &built) {
                Err(error) if lacks_room(&error) && cache.clear() => keep(&cache, &hash, &built),
                kept => kept,
            };
            if let Err(error) = kept {
                let path = cache.directory().display();
                tracing::warn!(%path, %error, "a built validator cannot be kept on disk");
            }
        });
        if let Err(error) = written.await {
            tracing::error!(%error, "keeping a built validator on disk failed");
        }
    }
}

fn keep(cache: &DiskCache, hash: &str, built: &[u8]) -> io::Result<Lease> {
    let aside = cache.aside()?;
    std::fs::write(aside.made(), built)?;
    cache.keep(aside, hash)
}
