//! Packages in object storage or behind HTTP, as zip archives by id and revision.
//!
//! ```text
//! <url>/<id>/latest            the newest revision: SHA-256 of its archive, in hexadecimal digits
//! <url>/<id>/<revision>.zip    the archive
//! ```
//!
//! An archive is held against its SHA-256 before it is unpacked, so the storage need not be trusted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _, parse_url_opts};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::OnceCell;
use url::Url;

use crate::config::ProblemSettings;
use crate::contract::ProblemRef;
use crate::problem::store::cache::Cache;
use crate::problem::{Package, ProblemError};

/// Longest content of a file `latest`, in bytes.
const LATEST: usize = 256;

/// A storage of packages.
#[derive(Debug)]
pub(super) struct Remote {
    storage: Box<dyn ObjectStore>,
    root: ObjectPath,
    cache: Cache,
    refresh: Duration,
    archive_bytes: u64,
    latest: Mutex<HashMap<String, (String, Instant)>>,
    loaded: Mutex<HashMap<String, Arc<OnceCell<Arc<Package>>>>>,
}

impl Remote {
    pub(super) fn open(url: &Url, settings: &ProblemSettings) -> Result<Self, object_store::Error> {
        let plain_http = [("allow_http", "true")];
        let (storage, root) = parse_url_opts(url, plain_http)?;
        Ok(Self {
            storage,
            root,
            cache: Cache::new(settings),
            refresh: Duration::from_millis(settings.refresh_ms),
            archive_bytes: settings.archive_bytes,
            latest: Mutex::default(),
            loaded: Mutex::default(),
        })
    }

    pub(super) async fn get(&self, wanted: &ProblemRef) -> Result<Arc<Package>, ProblemError> {
        let revision = match &wanted.revision {
            Some(revision) if is_digest(revision) => revision.clone(),
            Some(other) => {
                return Err(ProblemError::OtherRevision {
                    id: wanted.id.clone(),
                    wanted: other.clone(),
                });
            }
            None => self.latest(&wanted.id).await?,
        };
        let key = format!("{}/{revision}", wanted.id);
        self.forget_if_gone(&wanted.id, &revision, &key).await;
        let cell = {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            loaded.retain(|known, cell| *known == key || self.cache.holds(known) || !cell.initialized());
            Arc::clone(loaded.entry(key.clone()).or_default())
        };
        let package = cell.get_or_try_init(|| self.load(&wanted.id, &revision)).await?;
        self.cache.touch(&key);
        Ok(Arc::clone(package))
    }

    /// A package whose files were taken away (a temporary directory that was cleared) is unpacked anew.
    async fn forget_if_gone(&self, id: &str, revision: &str, key: &str) {
        if self.cache.holds(key) && !self.cache.is_there(id, revision).await {
            tracing::warn!(
                problem.id = id,
                revision,
                "a package is gone from the cache; it is unpacked anew"
            );
            self.cache.forget(key);
            self.loaded.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        }
    }

    /// The newest revision; asked for again when the answer is older than `problems.refresh_ms`.
    async fn latest(&self, id: &str) -> Result<String, ProblemError> {
        let known = self
            .latest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        if let Some((revision, asked)) = known
            && asked.elapsed() < self.refresh
        {
            return Ok(revision);
        }
        let path = self.root.clone().join(id).join("latest");
        let content = match self.storage.get(&path).await {
            Ok(found) if found.meta.size > LATEST as u64 => Vec::new().into(),
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Err(ProblemError::Unknown(id.to_owned())),
            Err(error) => return Err(error.into()),
        };
        let revision = String::from_utf8_lossy(&content).trim().to_owned();
        if !is_digest(&revision) {
            let reason = format!("{path} holds no SHA-256 in hexadecimal digits");
            return Err(ProblemError::Load(reason));
        }
        let entry = (revision.clone(), Instant::now());
        self.latest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.to_owned(), entry);
        Ok(revision)
    }

    async fn load(&self, id: &str, revision: &str) -> Result<Arc<Package>, ProblemError> {
        if let Some(package) = self.cache.find(id, revision).await? {
            return Ok(package);
        }
        let archive = self.download(id, revision).await?;
        self.cache.add(id, revision, archive).await
    }

    /// Downloads an archive into a file without a name, hashing it on the way.
    async fn download(&self, id: &str, revision: &str) -> Result<std::fs::File, ProblemError> {
        let path = self.root.clone().join(id).join(format!("{revision}.zip"));
        let found = match self.storage.get(&path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => {
                return Err(ProblemError::OtherRevision {
                    id: id.to_owned(),
                    wanted: revision.to_owned(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        if found.meta.size > self.archive_bytes {
            let (size, most) = (found.meta.size, self.archive_bytes);
            return Err(ProblemError::Load(format!(
                "{path} has {size} bytes, problems.archive_bytes allows {most}"
            )));
        }
        let file = self.cache.scratch_file().await?;
        let mut writing = tokio::fs::File::from_std(file);
        let mut digest = Sha256::new();
        let mut stream = found.into_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece?;
            digest.update(&piece);
            writing
                .write_all(&piece)
                .await
                .map_err(|source| self.cache.error(source))?;
        }
        writing.flush().await.map_err(|source| self.cache.error(source))?;
        let found: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if found != revision {
            return Err(ProblemError::Digest {
                path: path.to_string(),
                found,
                expected: revision.to_owned(),
            });
        }
        Ok(writing.into_std().await)
    }
}

fn is_digest(revision: &str) -> bool {
    revision.len() == 64 && revision.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
