//! Files that get new content whole or not at all.

use std::fs::{self, Metadata, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::{Builder, NamedTempFile};

use crate::cli::Failure;

/// Rights of a new file, of which the umask takes some away.
const NEW: u32 = 0o666;

/// Refuses a file that `replace` could not write, and changes nothing.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    explained(path, Target::of(path).and_then(|target| target.beside().map(drop)))
}

/// Gives a file this content. Its owner and its rights stay.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    explained(path, Target::of(path).and_then(|target| target.write(text.as_bytes())))
}

fn explained(path: &Path, result: io::Result<()>) -> Result<(), Failure> {
    result
        .with_context(|| format!("cannot write {}", path.display()))
        .map_err(Failure::Usage)
}

/// Where links lead, and what is there.
struct Target {
    path: PathBuf,
    there: Option<Metadata>,
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(there) => Ok(Self {
                path: if there.is_file() {
                    fs::canonicalize(path)?
                } else {
                    path.to_owned()
                },
                there: Some(there),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self {
                path: path.to_owned(),
                there: None,
            }),
            Err(error) => Err(error),
        }
    }

    /// A file that may take its place; none for a device or a pipe, whose place no file may take.
    fn beside(&self) -> io::Result<Option<NamedTempFile>> {
        if self.there.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if self.there.as_ref().is_some_and(|there| !there.is_file()) {
            return Ok(None);
        }
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let beside = Builder::new()
            .permissions(Permissions::from_mode(NEW))
            .tempfile_in(directory.unwrap_or_else(|| Path::new(".")))?;
        if let Some(there) = &self.there {
            let new = beside.as_file().metadata()?;
            if (new.uid(), new.gid()) != (there.uid(), there.gid()) {
                chown(beside.path(), Some(there.uid()), Some(there.gid()))?;
            }
            beside.as_file().set_permissions(there.permissions())?;
        }
        Ok(Some(beside))
    }

    fn write(&self, content: &[u8]) -> io::Result<()> {
        let Some(mut beside) = self.beside()? else {
            return fs::write(&self.path, content);
        };
        beside.write_all(content)?;
        beside.as_file().sync_all()?;
        beside.persist(&self.path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_new_content_and_keeps_its_rights_and_the_links_to_it() {
        let directory = tempfile::tempdir().unwrap();
        let [file, link, new] = ["file", "link", "new"].map(|name| directory.path().join(name));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        for path in [&link, &new] {
            check(path).unwrap();
            assert_eq!(path.exists(), path == &link);
            replace(path, "new").unwrap();
            assert_eq!(fs::read_to_string(path).unwrap(), "new");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            3,
            "nothing stays beside them"
        );
        check(directory.path()).unwrap_err();
        check(&directory.path().join("none/new")).unwrap_err();
    }
}
