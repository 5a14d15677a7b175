//! Root directories of environments.
//!
//! `ROOTS/python3` is a symbolic link to `ROOTS/sha256:…`, a directory whose name is the digest of what is in it. So an
//! environment is replaced in one step, and boxes that run keep what they have.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::JailError;

/// What every box starts first.
pub(crate) const RUNNER: &str = "/usr/lib/assize/runner";

/// Where something is mounted in a box. A root is read-only, so they have to be there.
const MOUNT_POINTS: [&str; 5] = ["proc", "sys", "dev", "work", "tmp"];

const DIGEST: &str = "sha256:";

/// Digits of a digest.
const DIGITS: usize = 64;

const REMEDY: &str =
    "make the root directories with `docker/roots.sh`, that of Java out of an image of `docker/images.sh --java`";

/// The root directory of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    /// `sha256:` and hexadecimal digits.
    pub(crate) digest: String,
}

impl Root {
    /// The root directory of an environment, as it is now.
    ///
    /// # Errors
    /// When there is none, or it could not be the root of a box.
    pub(crate) fn of(roots: &Path, environment: &str) -> Result<Self, JailError> {
        let characters = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if environment.is_empty() || environment.len() > 64 || !environment.chars().all(characters) {
            let reason = format!("{:?} is no name of an environment", short(environment));
            return Err(JailError::not_installed(reason, REMEDY));
        }
        let link = roots.join(environment);
        let target = fs::read_link(&link).map_err(|error| {
            let reason = match error.kind() {
                ErrorKind::NotFound => format!("there is no root directory {}", link.display()),
                _ => format!("{} is no link to a root directory: {error}", link.display()),
            };
            JailError::not_installed(reason, REMEDY)
        })?;
        let digest = target.to_str().filter(|name| is_digest(name)).ok_or_else(|| {
            let reason = format!("{} leads to {}, which is no digest", link.display(), target.display());
            JailError::not_installed(reason, REMEDY)
        })?;
        let root = Self {
            path: roots.join(digest),
            digest: digest.to_owned(),
        };
        root.check()?;
        Ok(root)
    }

    fn check(&self) -> Result<(), JailError> {
        let damaged = |what: String| {
            let reason = format!("the root directory {} is damaged: {what}", self.path.display());
            JailError::not_installed(reason, REMEDY)
        };
        let found = fs::symlink_metadata(&self.path).map_err(|error| damaged(error.to_string()))?;
        let owners = [0, rustix::process::geteuid().as_raw()];
        if !found.is_dir() || found.mode() & 0o022 != 0 || !owners.contains(&found.uid()) {
            return Err(damaged(
                "it is no directory that belongs to root or to the jailer's user and that no other one can change"
                    .to_owned(),
            ));
        }
        for point in MOUNT_POINTS {
            let is_there = fs::symlink_metadata(self.path.join(point)).is_ok_and(|found| found.is_dir());
            if !is_there {
                return Err(damaged(format!("there is no directory /{point} in it")));
            }
        }
        let runner = self.path.join(RUNNER.trim_start_matches('/'));
        let found = fs::symlink_metadata(runner).map_err(|error| damaged(format!("{RUNNER} in it: {error}")))?;
        if !found.is_file() || found.permissions().mode() & 0o001 == 0 {
            return Err(damaged(format!("{RUNNER} in it is no program")));
        }
        Ok(())
    }
}

fn is_digest(name: &str) -> bool {
    name.strip_prefix(DIGEST)
        .is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The beginning of what was asked for.
fn short(text: &str) -> String {
    text.chars().take(64).collect()
}
