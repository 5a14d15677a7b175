//! What machines are made of: a kernel with its first process, and a disk per environment.
//!
//! `DIRECTORY/python3` is a symbolic link to `DIRECTORY/sha256:…`, which is named by the digest of what is in it. So a part
//! is replaced in one step, and machines that run keep what they have.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The name of the kernel among the parts.
const KERNEL: &str = "kernel";

/// Read at once when a digest is checked, in bytes.
const PIECE: usize = 1 << 20;

/// The directory of all parts.
#[derive(Debug, Clone)]
pub(super) struct Parts(PathBuf);

/// A kernel, and the file system that it starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kernel {
    pub(super) image: PathBuf,
    pub(super) initramfs: PathBuf,
    /// Of both; `sha256:` and hexadecimal digits.
    pub(super) digest: String,
}

/// The disk of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) file: PathBuf,
    /// `sha256:` and hexadecimal digits.
    pub(super) digest: String,
}

/// A part that cannot be used.
#[derive(Debug, Error)]
#[error("{fault}")]
pub(super) struct PartError {
    #[source]
    pub(super) fault: PartFault,
    /// What to do about it.
    pub(super) remedy: String,
}

/// What is wrong with a part.
#[derive(Debug, Error)]
pub(super) enum PartFault {
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
    #[error("{} leads to no part: {source}", link.display())]
    NoLink { link: PathBuf, source: io::Error },
    #[error("{} leads to no digest", .0.display())]
    NoDigest(PathBuf),
    #[error("cannot read {}: {source}", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("{} is damaged: what is in it has the digest {found}", part.display())]
    Damaged { part: PathBuf, found: String },
}

impl Parts {
    pub(super) fn at(directory: &Path) -> Self {
        Self(directory.to_owned())
    }

    /// The kernel, as it is now.
    pub(super) fn kernel(&self) -> Result<Kernel, PartError> {
        let digest = self.digest_of(KERNEL)?;
        let directory = self.0.join(&digest);
        let kernel = Kernel {
            image: directory.join("vmlinux"),
            initramfs: directory.join("initramfs"),
            digest,
        };
        for file in [&kernel.image, &kernel.initramfs] {
            self.can_be_read(file)?;
        }
        Ok(kernel)
    }

    /// The disk of an environment, as it is now.
    pub(super) fn disk(&self, environment: &str) -> Result<Disk, PartError> {
        let digest = self.digest_of(environment)?;
        let file = self.0.join(&digest);
        self.can_be_read(&file)?;
        Ok(Disk { file, digest })
    }

    /// Holds what is in some files together against a digest.
    pub(super) fn verify(&self, files: &[PathBuf], digest: &str) -> Result<(), PartError> {
        let found = hash(files).map_err(|source| {
            let file = files[0].clone();
            self.unusable(PartFault::Unreadable { file, source })
        })?;
        if found == digest {
            return Ok(());
        }
        let damaged = self.0.join(digest);
        Err(PartError {
            remedy: format!("rm -rf {} && {}", damaged.display(), self.making()),
            fault: PartFault::Damaged { part: damaged, found },
        })
    }

    fn digest_of(&self, name: &str) -> Result<String, PartError> {
        let link = self.0.join(name);
        let target = std::fs::read_link(&link).map_err(|source| {
            let link = link.clone();
            self.unusable(match source.kind() {
                ErrorKind::NotFound => PartFault::Missing(link),
                _ => PartFault::NoLink { link, source },
            })
        })?;
        let digest = target
            .to_str()
            .filter(|name| name.starts_with("sha256:") && !name.contains('/'));
        let digest = digest.ok_or_else(|| self.unusable(PartFault::NoDigest(link.clone())))?;
        Ok(digest.to_owned())
    }

    fn can_be_read(&self, file: &Path) -> Result<(), PartError> {
        let opened = File::open(file).map(drop);
        opened.map_err(|source| {
            let file = file.to_owned();
            self.unusable(PartFault::Unreadable { file, source })
        })
    }

    fn unusable(&self, fault: PartFault) -> PartError {
        PartError {
            fault,
            remedy: self.making(),
        }
    }

    fn making(&self) -> String {
        format!("docker/microvm.sh {}", self.0.display())
    }
}

fn hash(files: &[PathBuf]) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    for path in files {
        let mut file = File::open(path)?;
        loop {
            match file.read(&mut piece)? {
                0 => break,
                length => hash.update(&piece[..length]),
            }
        }
    }
    Ok(format!("sha256:{}", hex::encode(hash.finalize())))
}
