//! Where a process keeps the directories of boxes that are being started.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::listener::StreamsListener;

/// What names of directories begin with, those of processes and of boxes.
const OURS: &str = "assize-";

/// A process's own directory, which ends with it. It holds a lock on it for as long as it lives (`flock(2)`).
#[derive(Debug)]
pub struct StreamsDirectory {
    path: PathBuf,
    _lock: File,
}

impl StreamsDirectory {
    /// Makes a directory below `parent`, and removes those of processes that are gone.
    ///
    /// # Errors
    /// When another user could put something in its place, so that the daemon would mount that; or when it cannot be made.
    pub fn open(parent: &Path) -> io::Result<Self> {
        // As long as this is held no other process makes or removes one.
        let choosing = File::open(parent)?;
        choosing.lock()?;
        let path = parent.join(own_name());
        DirBuilder::new().mode(0o700).create(&path)?;
        let lock = File::open(&path)?;
        lock.lock()?;
        let own = lock.metadata()?.uid();
        let directory = Self { path, _lock: lock };
        check_nobody_else_writes(parent, own)?;
        sweep(parent)?;
        Ok(directory)
    }

    /// Its name below the parent.
    pub fn name(&self) -> &Path {
        self.path.file_name().map(Path::new).unwrap_or(&self.path)
    }

    /// A socket for the box of this name, in a directory of its own.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn listen(&self, name: &str) -> io::Result<StreamsListener> {
        StreamsListener::bind(self.path.join(name))
    }
}

impl Drop for StreamsDirectory {
    fn drop(&mut self) {
        // What is left is swept by the next process.
        let _left = fs::remove_dir_all(&self.path);
    }
}

/// In containers all processes may have the same number, and the clock may go back.
fn own_name() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{OURS}{}-{:x}", std::process::id(), since.as_nanos())
}

/// Removes the directories of processes that are gone: those on which there is no lock.
fn sweep(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(OURS));
        if !is_ours || !entry.file_type()?.is_dir() {
            continue;
        }
        // One that cannot be opened is another user's.
        let Ok(directory) = File::open(entry.path()) else {
            continue;
        };
        if directory.try_lock().is_ok() {
            remove_whole(&entry.path())?;
        }
    }
    Ok(())
}

/// Its process may just be removing it too.
fn remove_whole(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// A user who can write to a directory of the path could put a symbolic link there, and would have any directory of the
/// host in a box.
fn check_nobody_else_writes(path: &Path, own: u32) -> io::Result<()> {
    if !path.is_absolute() || path.canonicalize()? != path {
        return Err(refused(format!("{} is no plain absolute path", path.display())));
    }
    for directory in path.ancestors() {
        let found = fs::metadata(directory)?;
        let is_parent = directory == path;
        if !is_safe(&found, own, is_parent) {
            let place = directory.display();
            return Err(refused(format!(
                "others than this user and root can change what is in {place}"
            )));
        }
    }
    Ok(())
}

fn is_safe(found: &Metadata, own: u32, is_parent: bool) -> bool {
    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let is_own = found.uid() == own || found.uid() == 0;
    // In a sticky one no user renames what is another's.
    let is_kept = found.mode() & OTHERS_WRITE == 0 || (found.mode() & STICKY != 0 && !is_parent);
    is_own && is_kept
}

fn refused(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, reason)
}
