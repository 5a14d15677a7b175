//! Packages that are put into the object storage, where every worker finds them.

use std::fs::File;
use std::io::{self, Seek as _};

use object_store::ObjectStoreExt as _;
use object_store::buffered::BufWriter;
use thiserror::Error;
use tokio::io::AsyncWriteExt as _;

use crate::problem::files::archive::checks_of;
use crate::problem::files::revision::digest_of;
use crate::problem::store::parsed::blocking;
use crate::problem::store::remote::{Remote, away};
use crate::problem::store::{ProblemStore, Source, is_id};
use crate::problem::{Package, ProblemError, ProblemFault};

/// A package that is not kept.
#[derive(Debug, Error)]
pub enum PutError {
    /// There is nowhere to keep it.
    #[error("packages are kept in the object storage, and problems.url is not set")]
    NoStorage,
    /// It would never be used.
    #[error("the problem {0:?} lies in problems.directory, which goes before the object storage; change it there")]
    InDirectory(String),
    /// Another site has put it, or an operator has put it there.
    #[error(
        "the problem {0:?} was put by another site or an operator; only they, or an admin, may put revisions of it"
    )]
    OfAnother(String),
    /// It is broken, or cannot be written.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

/// Who puts a package.
#[derive(Debug, Clone)]
pub struct PackageOwner {
    /// Their name.
    pub name: String,
    /// They may replace what others have put.
    pub may_replace_all: bool,
}

/// A package that is kept.
#[derive(Debug)]
pub struct KeptPackage {
    /// The package, with its revision.
    pub package: Package,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

impl ProblemStore {
    /// A file without a name for an archive that is to be put.
    ///
    /// # Errors
    /// When it could not be kept as a revision of this problem, or the cache directory cannot be used.
    pub async fn scratch_file(&self, id: &str, owner: &PackageOwner) -> Result<File, PutError> {
        let storage = self.place_for(id, owner).await?;
        let unpacked = storage.unpacked();
        Ok(unpacked.with_room(|| unpacked.scratch_file()).await?)
    }

    /// Keeps an archive as the newest revision of a problem, if it is a package that can be judged. The older revisions stay.
    ///
    /// # Errors
    /// When it is none, which names the file and the line, or when there is nowhere to keep it.
    pub async fn put(&self, id: &str, owner: &PackageOwner, archive: File) -> Result<KeptPackage, PutError> {
        let storage = self.place_for(id, owner).await?;
        storage.put(id, owner, archive).await
    }

    /// Where revisions of a problem are kept that this owner puts.
    async fn place_for(&self, id: &str, owner: &PackageOwner) -> Result<&Remote, PutError> {
        let storage = self.storage()?;
        if !is_id(id) {
            return Err(PutError::Problem(ProblemFault::NoId(id.to_owned()).into()));
        }
        for source in &self.sources {
            if let Source::Directory(directory) = source
                && directory.has(id).await
            {
                return Err(PutError::InDirectory(id.to_owned()));
            }
        }
        storage.check_owner(id, owner).await?;
        Ok(storage)
    }

    fn storage(&self) -> Result<&Remote, PutError> {
        let found = self.sources.iter().find_map(|source| match source {
            Source::Remote(remote) => Some(remote),
            Source::Directory(_) | Source::Single(_) => None,
        });
        found.ok_or(PutError::NoStorage)
    }
}

impl Remote {
    async fn put(&self, id: &str, owner: &PackageOwner, archive: File) -> Result<KeptPackage, PutError> {
        let failed = |source| self.unpacked().error(source);
        let mut hashed = archive.try_clone().map_err(failed)?;
        let revision = blocking(move || Ok(revision_of(&mut hashed))).await?.map_err(failed)?;
        let unpacked = self.unpacked();
        let added = unpacked.with_room(|| unpacked.add(id, &revision, &archive));
        let (lease, package) = added.await?;
        let (root, checked) = (lease.path().to_owned(), package.clone());
        let checks = blocking(move || Ok(checks_of(&root, &checked)?)).await?;
        self.claim(id, owner).await?;
        self.write(id, &revision, archive).await?;
        self.is_latest(id, &revision);
        let warnings = package
            .warnings
            .iter()
            .chain(&package.faults)
            .chain(&checks.warnings)
            .map(ToString::to_string)
            .collect();
        Ok(KeptPackage { package, warnings })
    }

    /// The archive first: what `latest` names is there.
    async fn write(&self, id: &str, revision: &str, archive: File) -> Result<(), ProblemError> {
        let path = self.path_of(id, &format!("{revision}.zip"));
        let mut archive = tokio::fs::File::from_std(archive);
        let rewound = tokio::io::AsyncSeekExt::rewind(&mut archive).await;
        rewound.map_err(|source| self.unpacked().error(source))?;
        let mut writing = BufWriter::new(self.shared_storage(), path.clone());
        let written = async {
            tokio::io::copy(&mut archive, &mut writing).await?;
            writing.shutdown().await
        };
        written.await.map_err(|source| unwritten(&path, source))?;
        let path = self.path_of(id, "latest");
        let put = self.shared_storage().put(&path, revision.to_owned().into()).await;
        put.map(drop).map_err(|source| away(&path, source))
    }
}

/// The revision of an archive, which is read from its beginning and left there.
fn revision_of(archive: &mut File) -> io::Result<String> {
    archive.rewind()?;
    let digest = digest_of(archive)?;
    archive.rewind()?;
    Ok(hex::encode(digest))
}

fn unwritten(path: &object_store::path::Path, source: io::Error) -> ProblemError {
    let source = object_store::Error::Generic {
        store: "problem storage",
        source: source.into(),
    };
    away(path, source)
}
