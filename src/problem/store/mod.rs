//! Problems by id: from a directory, or from object storage.
//!
//! A package is loaded once and shared by all slots. A new revision is seen without a restart.

mod directory;
mod examine;
mod owner;
mod parsed;
mod remote;
mod unpacked;
mod upload;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::config::ProblemSettings;
use crate::contract::ProblemRef;
use crate::disk_cache::Lease;
use crate::nearest::did_you_mean;
use crate::problem::{Package, ProblemError, ProblemFault, StoreUrlError};
use directory::Directory;
pub use examine::{ProblemDirectoryError, examine_problems};
use parsed::ParsedPackages;
use remote::Remote;
pub use upload::{KeptPackage, PackageOwner, PutError};

/// Where problems come from.
#[derive(Debug)]
pub struct ProblemStore {
    sources: Vec<Source>,
}

#[derive(Debug)]
enum Source {
    Directory(Directory),
    Remote(Remote),
    Single(Arc<Package>),
}

/// One of the places that problems come from.
#[derive(Debug, Clone, Copy)]
pub struct ProblemSource<'a>(&'a Source);

/// A package whose files stay where they are as long as it is held.
#[derive(Debug)]
pub struct PackageInUse {
    package: Arc<Package>,
    _lease: Option<Lease>,
}

impl Deref for PackageInUse {
    type Target = Package;

    fn deref(&self) -> &Package {
        &self.package
    }
}

impl ProblemStore {
    /// The directory first, then the object storage, as far as they are configured.
    ///
    /// # Errors
    /// When the URL of the storage cannot be used.
    pub fn open(settings: &ProblemSettings) -> Result<Self, StoreUrlError> {
        let parsed = ParsedPackages::within(settings.memory_bytes);
        let patience = Duration::from_millis(settings.patience_ms);
        let directory = Directory::new(settings.directory.clone(), patience, parsed.clone());
        let mut sources = vec![Source::Directory(directory)];
        if !settings.url.is_empty() {
            let open = |url: &_| Remote::open(url, settings, parsed);
            sources.push(Source::Remote(StoreUrlError::check(&settings.url, open)?));
        }
        Ok(Self { sources })
    }

    /// No problem at all, for a judge whose submissions bring their tests.
    pub fn empty() -> Self {
        Self { sources: Vec::new() }
    }

    /// Only this package.
    pub fn single(package: Package) -> Self {
        Self {
            sources: vec![Source::Single(Arc::new(package.with_small_files()))],
        }
    }

    /// Removes what is too much of the packages on disk. That is done whenever one comes, too; here what others have left is
    /// found, or what was kept when more was allowed. It takes as long as the disk does.
    pub async fn make_room(&self) {
        for source in &self.sources {
            if let Source::Remote(remote) = source {
                remote.unpacked().make_room().await;
            }
        }
    }

    /// Removes the packages on disk that are not in use, where the disk is full; they come again when they are asked for.
    pub async fn clear_cache(&self) {
        for source in &self.sources {
            if let Source::Remote(remote) = source {
                remote.unpacked().clear().await;
            }
        }
    }

    /// Ids of the problems of the directory, in order. An object storage does not list what it has.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub async fn ids(&self) -> std::io::Result<Vec<String>> {
        let mut ids = Vec::new();
        for source in &self.sources {
            match source {
                Source::Directory(directory) => ids.extend(directory.ids().await?),
                Source::Remote(_) => {}
                Source::Single(package) => ids.push(package.id.clone()),
            }
        }
        ids.sort();
        Ok(ids)
    }

    /// The problem that a misspelt id means, as it is put behind a complaint; of those of the directory, if it can be read.
    pub async fn did_you_mean(&self, id: &str) -> String {
        did_you_mean(id, self.ids().await.unwrap_or_default())
    }

    /// The package that is asked for.
    ///
    /// # Errors
    /// When there is none, or it is broken.
    pub async fn get(&self, wanted: &ProblemRef) -> Result<PackageInUse, ProblemError> {
        let mut last = ProblemFault::Unknown(wanted.id.clone()).into();
        for source in &self.sources {
            match source.get(wanted).await {
                Err(error) => last = unless_elsewhere(error, last)?,
                found => return found,
            }
        }
        Err(last)
    }

    /// Where problems come from, in the order in which they are looked for.
    pub fn sources(&self) -> impl Iterator<Item = ProblemSource<'_>> {
        self.sources.iter().map(ProblemSource)
    }

    /// Whether there is no object storage, and no package in the directory.
    pub async fn is_bare(&self) -> bool {
        let has_storage = self.sources.iter().any(|source| matches!(source, Source::Remote(_)));
        !has_storage && self.ids().await.unwrap_or_default().is_empty()
    }
}

/// What is told when no later source has the package either; an error where those are not to be asked.
fn unless_elsewhere(error: ProblemError, last: ProblemError) -> Result<ProblemError, ProblemError> {
    match error.fault() {
        ProblemFault::Unknown(_) => Ok(last),
        ProblemFault::OtherRevision { .. } => Ok(error),
        _ => Err(error),
    }
}

impl ProblemSource<'_> {
    /// Whether it is an object storage, in which revisions stay.
    pub fn is_storage(self) -> bool {
        matches!(self.0, Source::Remote(_))
    }

    /// Looks whether it has the package that is asked for, without loading it. In which revision a directory has it is not
    /// looked at, since that takes reading all of it.
    ///
    /// # Errors
    /// When it has not, or that cannot be told.
    pub async fn look_for(self, wanted: &ProblemRef) -> Result<(), ProblemError> {
        self.0.look_for(wanted).await
    }
}

impl Source {
    async fn get(&self, wanted: &ProblemRef) -> Result<PackageInUse, ProblemError> {
        let (package, lease) = match self {
            // The path on a command line named it, and may be called anything.
            Self::Single(package) if package.id == wanted.id => (Arc::clone(package), None),
            Self::Single(_) => return Err(ProblemFault::Unknown(wanted.id.clone()).into()),
            _ if !is_id(&wanted.id) => return Err(ProblemFault::NoId(wanted.id.clone()).into()),
            Self::Directory(directory) => (directory.get(&wanted.id).await?, None),
            Self::Remote(remote) => {
                let (package, lease) = remote.get(wanted).await?;
                (package, Some(lease))
            }
        };
        match &wanted.revision {
            Some(revision) if *revision != package.revision => Err(ProblemFault::OtherRevision {
                id: wanted.id.clone(),
                wanted: revision.clone(),
            }
            .into()),
            _ => Ok(PackageInUse { package, _lease: lease }),
        }
    }

    async fn look_for(&self, wanted: &ProblemRef) -> Result<(), ProblemError> {
        let is_here = match self {
            Self::Single(package) => package.id == wanted.id,
            _ if !is_id(&wanted.id) => return Err(ProblemFault::NoId(wanted.id.clone()).into()),
            Self::Directory(directory) => directory.has(&wanted.id).await,
            Self::Remote(remote) => return remote.look_for(wanted).await,
        };
        let unknown = || ProblemFault::Unknown(wanted.id.clone()).into();
        is_here.then_some(()).ok_or_else(unknown)
    }
}

/// A single name: it cannot lead out of a directory.
fn is_id(id: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    !id.is_empty() && id.len() <= 255 && !id.starts_with('.') && id.chars().all(fits)
}
