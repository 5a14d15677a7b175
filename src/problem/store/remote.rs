//! Packages in object storage or behind HTTP, as zip archives by id and revision.
//!
//! ```text
//! <url>/<id>/latest            the newest revision: SHA-256 of its archive, in hexadecimal digits
//! <url>/<id>/<revision>.zip    the archive
//! <url>/<id>/owner             the site that puts revisions over HTTP
//! ```
//!
//! An archive is held against its SHA-256 before it is unpacked, so the storage need not be trusted.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use object_store::path::Path as ObjectPath;
use object_store::{GetResult, ObjectStore, ObjectStoreExt as _, parse_url_opts};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use crate::config::ProblemSettings;
use crate::contract::ProblemRef;
use crate::disk_cache::Lease;
use crate::problem::store::parsed::{Key, ParsedPackages, blocking};
use crate::problem::store::unpacked::{UnpackedPackages, parse};
use crate::problem::{Package, ProblemCulprit, ProblemError, ProblemFault};
use crate::tls;

/// Longest content of a file `latest`, in bytes.
const LATEST: usize = 256;

/// How often a package is unpacked anew that is gone before it can be used.
const TRIES: usize = 3;

/// A storage of packages.
#[derive(Debug)]
pub(super) struct Remote {
    storage: Arc<dyn ObjectStore>,
    root: ObjectPath,
    unpacked: UnpackedPackages,
    parsed: ParsedPackages,
    refresh: Duration,
    archive_bytes: u64,
    latest: Mutex<HashMap<String, (String, Instant)>>,
}

impl Remote {
    pub(super) fn open(
        url: &Url,
        settings: &ProblemSettings,
        parsed: ParsedPackages,
    ) -> Result<Self, object_store::Error> {
        tls::install_provider();
        let plain_http = [("allow_http", "true")];
        let (storage, root) = parse_url_opts(url, plain_http)?;
        Ok(Self {
            storage: storage.into(),
            root,
            unpacked: UnpackedPackages::of(settings),
            parsed,
            refresh: Duration::from_millis(settings.refresh_ms),
            archive_bytes: settings.archive_bytes,
            latest: Mutex::default(),
        })
    }

    pub(super) fn unpacked(&self) -> &UnpackedPackages {
        &self.unpacked
    }

    pub(super) fn shared_storage(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.storage)
    }

    pub(super) fn path_of(&self, id: &str, name: &str) -> ObjectPath {
        self.root.clone().join(id).join(name)
    }

    /// Notes which revision is the newest.
    pub(super) fn is_latest(&self, id: &str, revision: &str) {
        let entry = (revision.to_owned(), Instant::now());
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.insert(id.to_owned(), entry);
    }

    pub(super) async fn get(&self, wanted: &ProblemRef) -> Result<(Arc<Package>, Lease), ProblemError> {
        let id = &wanted.id;
        let revision = match named_revision(wanted)? {
            Some(revision) => revision.to_owned(),
            None => self.latest(id).await?,
        };
        for _ in 0..TRIES {
            if let Some(held) = self.unpacked_before(id, &revision).await? {
                return Ok(held);
            }
            if let Some(held) = self.unpack(id, &revision).await? {
                return Ok(held);
            }
        }
        Err(not_here(id, &revision))
    }

    /// Whether the storage has it, without downloading it.
    pub(super) async fn look_for(&self, wanted: &ProblemRef) -> Result<(), ProblemError> {
        let Some(revision) = named_revision(wanted)? else {
            return self.latest(&wanted.id).await.map(drop);
        };
        let path = self.path_of(&wanted.id, &format!("{revision}.zip"));
        match self.storage.head(&path).await {
            Ok(_found) => Ok(()),
            Err(object_store::Error::NotFound { .. }) => Err(not_here(&wanted.id, revision)),
            Err(error) => Err(away(&path, error)),
        }
    }

    /// A package that lies unpacked here, which a worker before this one may have done.
    async fn unpacked_before(&self, id: &str, revision: &str) -> Result<Option<(Arc<Package>, Lease)>, ProblemError> {
        let Some(lease) = self.unpacked.lease(revision).await? else {
            return Ok(None);
        };
        let (root, id_owned, revision_owned) = (lease.path().to_owned(), id.to_owned(), revision.to_owned());
        let load = blocking(move || parse(&root, &id_owned, &revision_owned));
        match self.parsed.get(key(id, revision), load).await {
            Ok(package) => Ok(Some((package, lease))),
            // It was judged before, so it is no longer what it was.
            Err(error) if error.culprit() == ProblemCulprit::Package => {
                tracing::warn!(problem.id = id, revision, %error, "a package in the cache is broken; it is unpacked anew");
                self.unpacked.discard(lease).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Downloads and unpacks a package, once for all who wait for it. Only the first of them gets the lease at once.
    async fn unpack(&self, id: &str, revision: &str) -> Result<Option<(Arc<Package>, Lease)>, ProblemError> {
        let key = key(id, revision);
        // What was parsed names files that are gone, unless another task has unpacked them a moment ago.
        if self.parsed.known(&key).await.is_some() {
            if self.unpacked.lease(revision).await?.is_some() {
                return Ok(None);
            }
            tracing::warn!(
                problem.id = id,
                revision,
                "a package is gone from the cache; it is unpacked anew"
            );
            self.parsed.forget(&key).await;
        }
        let mut held = None;
        let load = async {
            let (lease, package) = self.unpacked.with_room(|| self.fetch(id, revision)).await?;
            held = Some(lease);
            Ok(package)
        };
        let package = self.parsed.get(key, load).await?;
        Ok(held.map(|lease| (package, lease)))
    }

    async fn fetch(&self, id: &str, revision: &str) -> Result<(Lease, Package), ProblemError> {
        let archive = self.download(id, revision).await?;
        self.unpacked.add(id, revision, &archive).await
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
        let path = self.path_of(id, "latest");
        let unknown = || ProblemFault::Unknown(id.to_owned());
        let found = self.find(&path).await?.ok_or_else(unknown)?;
        let content = match found.meta.size {
            size if size > LATEST as u64 => Vec::new().into(),
            _ => found.bytes().await.map_err(|source| away(&path, source))?,
        };
        let revision = String::from_utf8_lossy(&content).trim().to_owned();
        if !is_digest(&revision) {
            let (path, found) = (path.to_string(), revision);
            return Err(ProblemFault::Latest { path, found }.into());
        }
        self.is_latest(id, &revision);
        Ok(revision)
    }

    pub(super) async fn find(&self, path: &ObjectPath) -> Result<Option<GetResult>, ProblemError> {
        match self.storage.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(away(path, error)),
        }
    }

    /// Downloads an archive into a file without a name, hashing it on the way.
    async fn download(&self, id: &str, revision: &str) -> Result<File, ProblemError> {
        let path = self.path_of(id, &format!("{revision}.zip"));
        let found = self.find(&path).await?.ok_or_else(|| not_here(id, revision))?;
        if found.meta.size > self.archive_bytes {
            return Err(ProblemFault::ArchiveTooLarge {
                path: path.to_string(),
                size: found.meta.size,
                most: self.archive_bytes,
            }
            .into());
        }
        let mut writing = tokio::fs::File::from_std(self.unpacked.scratch_file().await?);
        let mut digest = Sha256::new();
        let mut stream = found.into_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|source| away(&path, source))?;
            digest.update(&piece);
            let written = writing.write_all(&piece).await;
            written.map_err(|source| self.unpacked.error(source))?;
        }
        writing.flush().await.map_err(|source| self.unpacked.error(source))?;
        let found = hex::encode(digest.finalize());
        if found != revision {
            return Err(ProblemFault::Digest {
                path: path.to_string(),
                found,
                expected: revision.to_owned(),
            }
            .into());
        }
        Ok(writing.into_std().await)
    }
}

fn key(id: &str, revision: &str) -> Key {
    Key {
        id: id.to_owned(),
        state: revision.to_owned(),
    }
}

fn not_here(id: &str, revision: &str) -> ProblemError {
    ProblemFault::OtherRevision {
        id: id.to_owned(),
        wanted: revision.to_owned(),
    }
    .into()
}

pub(super) fn away(path: &ObjectPath, source: object_store::Error) -> ProblemError {
    let path = path.to_string();
    ProblemFault::Storage { path, source }.into()
}

/// The revision that is asked for, if one is; an error where no archive can have it.
fn named_revision(wanted: &ProblemRef) -> Result<Option<&str>, ProblemError> {
    match wanted.revision.as_deref() {
        Some(other) if !is_digest(other) => Err(not_here(&wanted.id, other)),
        named => Ok(named),
    }
}

fn is_digest(revision: &str) -> bool {
    revision.len() == 64 && revision.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
