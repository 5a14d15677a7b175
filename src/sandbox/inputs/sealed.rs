//! A file in memory that nothing can change any more.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::FileExt as _;

use rustix::fs::{
    CWD, FlockOperation, MemfdFlags, Mode, OFlags, SealFlags, Timespec, Timestamps, UTIME_NOW, fchmod, fcntl_add_seals,
    fcntl_lock, flock, futimens, memfd_create, openat,
};
use rustix::io::Errno;

/// What programs see of its name, below `/proc`.
const NAME: &str = "input";

/// How much is copied at once: it stays in the cache of a CPU.
const PIECE: usize = 256 << 10;

const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: UTIME_NOW,
};

/// The memory is charged to this worker.
#[derive(Debug)]
pub(super) struct SealedInput {
    file: File,
    /// It has had a reader.
    was_lent: bool,
}

impl SealedInput {
    /// A copy of the first bytes of a file, whose place for reading stays where it is; `None` where it has fewer.
    pub(super) fn copy_of(from: &File, bytes: u64) -> io::Result<Option<Self>> {
        let mut file = create()?;
        let mut buffer = vec![0; PIECE];
        let mut copied = 0;
        while copied < bytes {
            let most = usize::try_from(bytes - copied).map_or(PIECE, |left| left.min(PIECE));
            match from.read_at(&mut buffer[..most], copied) {
                Ok(0) => return Ok(None),
                Ok(read) => {
                    file.write_all(&buffer[..read])?;
                    copied += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        fchmod(&file, Mode::RUSR | Mode::RGRP | Mode::ROTH)?;
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&file, seals)?;
        Ok(Some(Self { file, was_lent: false }))
    }

    /// Takes away what an earlier reader may have left on the file. An error where something of it stays: a lock belongs to an
    /// open file, which may lie unread in a socket of a program that has ended.
    pub(super) fn forget_readers(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.was_lent, true) {
            flock(&self.file, FlockOperation::NonBlockingLockExclusive)?;
            flock(&self.file, FlockOperation::Unlock)?;
            fcntl_lock(&self.file, FlockOperation::NonBlockingLockExclusive)?;
            fcntl_lock(&self.file, FlockOperation::Unlock)?;
        }
        let now = Timestamps {
            last_access: NOW,
            last_modification: NOW,
        };
        Ok(futimens(&self.file, &now)?)
    }

    /// A new description of it: for reading, and at the start.
    pub(super) fn for_reading(&self) -> io::Result<OwnedFd> {
        let path = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        Ok(openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?)
    }
}

/// Linux before 6.3 has no files in memory that can never be executed; there the mode alone keeps programs from it.
fn create() -> io::Result<File> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = match memfd_create(NAME, flags | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => memfd_create(NAME, flags)?,
        created => created?,
    };
    Ok(File::from(file))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _};
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    const CONTENT: &[u8] = &[7; PIECE + 9];

    fn source() -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(CONTENT).unwrap();
        file.rewind().unwrap();
        file
    }

    fn sealed() -> SealedInput {
        SealedInput::copy_of(&source(), CONTENT.len() as u64).unwrap().unwrap()
    }

    #[test]
    fn a_copy_has_the_content_and_nothing_can_change_it() {
        let mut from = source();
        let sealed = SealedInput::copy_of(&from, CONTENT.len() as u64).unwrap().unwrap();
        assert_eq!(from.stream_position().unwrap(), 0);
        let mut read = File::from(sealed.for_reading().unwrap());
        let mut content = Vec::new();
        read.read_to_end(&mut content).unwrap();
        assert!(content == CONTENT);
        assert_eq!(read.metadata().unwrap().mode() & 0o7777, 0o444);
        // Its owner can open it for writing, and change nothing.
        let mut writable = &sealed.file;
        let refused: [(&str, io::Result<()>); 4] = [
            ("write", writable.rewind().and_then(|()| writable.write_all(b"x"))),
            ("cut", writable.set_len(1)),
            ("grow", writable.set_len(1 << 30)),
            (
                "unseal",
                fcntl_add_seals(writable, SealFlags::FUTURE_WRITE).map_err(Into::into),
            ),
        ];
        for (what, done) in refused {
            let error = done.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{what}: {error}");
        }
    }

    #[test]
    fn a_file_that_is_shorter_than_it_was_is_not_copied() {
        let copy = SealedInput::copy_of(&source(), CONTENT.len() as u64 + 1).unwrap();
        assert!(copy.is_none());
    }

    #[test]
    fn each_reader_starts_at_the_beginning() {
        let sealed = sealed();
        let mut first = File::from(sealed.for_reading().unwrap());
        first.read_exact(&mut [0; 100]).unwrap();
        let mut second = File::from(sealed.for_reading().unwrap());
        assert_eq!(second.stream_position().unwrap(), 0);
    }

    #[test]
    fn times_of_earlier_readers_are_gone_and_their_locks_are_found() {
        let mut sealed = sealed();
        sealed.forget_readers().unwrap();
        let reader = File::from(sealed.for_reading().unwrap());
        (&reader).read_exact(&mut [0; 1]).unwrap();
        sealed.forget_readers().unwrap();
        let found = reader.metadata().unwrap();
        assert_eq!(
            (found.atime(), found.atime_nsec()),
            (found.mtime(), found.mtime_nsec()),
            "{found:?}"
        );
        for shared in [FlockOperation::LockShared, FlockOperation::LockExclusive] {
            flock(&reader, shared).unwrap();
            sealed.forget_readers().unwrap_err();
            flock(&reader, FlockOperation::Unlock).unwrap();
            sealed.forget_readers().unwrap();
        }
    }
}
