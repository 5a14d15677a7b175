//! Files in memory that are filled by huge pages: one of them costs a fraction of 512 small ones, when it is taken, read and
//! given back.
//!
//! A file gets them where it is mapped and asks for them (`madvise(2)`), in a `tmpfs` that was mounted with `huge=advise`.
//! Elsewhere, and where the host has none to spare, small ones come, and a mapping takes longer than a write: so the rest is
//! written then, and so are all files to come.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek as _, SeekFrom};
use std::mem::MaybeUninit;
use std::ptr::null_mut;

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, munmap};

use crate::streams::memory_file::PAGE;

const HUGE: usize = 2 << 20;

/// A huge page is one fault, where small ones are 512.
const FAULTS: i64 = (HUGE as u64 / PAGE / 2).cast_signed();

/// Whether huge pages are to be had here, as far as is known.
pub(crate) struct HugePages {
    come: bool,
}

impl Default for HugePages {
    fn default() -> Self {
        Self { come: true }
    }
}

impl HugePages {
    /// Copies as much of a file of so many bytes as fills huge pages into an empty one, which stands behind it then. Gives how
    /// much that is.
    pub(crate) fn copy(&mut self, from: &mut File, to: &mut File, bytes: u64) -> io::Result<u64> {
        let whole = usize::try_from(bytes).unwrap_or(0) / HUGE * HUGE;
        if whole == 0 || !self.come {
            return Ok(0);
        }
        to.set_len(whole as u64)?;
        let copied = Mapping::of(to, whole).and_then(|mut mapping| self.fill(mapping.bytes(), from))?;
        to.set_len(copied)?;
        to.seek(SeekFrom::Start(copied))
    }

    fn fill(&mut self, pages: &mut [u8], from: &mut File) -> io::Result<u64> {
        let mut copied = 0;
        for page in pages.chunks_exact_mut(HUGE) {
            let before = faults();
            let read = fill(page, from)?;
            copied += read as u64;
            self.come = faults() - before < FAULTS;
            if read < HUGE || !self.come {
                break;
            }
        }
        Ok(copied)
    }
}

/// Reads until a page is full, or the file has ended.
fn fill(page: &mut [u8], from: &mut impl Read) -> io::Result<usize> {
    let mut filled = 0;
    while filled < page.len() {
        match from.read(&mut page[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Faults of this process that needed no disk.
fn faults() -> i64 {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to room for what is asked for, of which zeroes are a value.
    unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init().ru_minflt
    }
}

/// A file in memory that this process writes to.
struct Mapping {
    start: *mut u8,
    bytes: usize,
}

impl Mapping {
    fn of(file: &File, bytes: usize) -> io::Result<Self> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: the kernel chooses a place where nothing is.
        let start = unsafe { mmap(null_mut(), bytes, access, MapFlags::SHARED, file, 0) }?;
        // SAFETY: the advice changes nothing of what is read or written there. Without it small pages come.
        let _advised = unsafe { madvise(start, bytes, Advice::LinuxHugepage) };
        Ok(Self {
            start: start.cast(),
            bytes,
        })
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the file is as long as the mapping while that lives, has no name, and no other process has it yet.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.bytes) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: nothing borrows from it any more.
        let _unmapped = unsafe { munmap(self.start.cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::streams::memory_file::create;

    #[test]
    fn whole_pages_are_copied_whatever_kind_of_pages_come_and_the_file_stands_behind_them() {
        for (bytes, said) in [
            (0, 0),
            (HUGE - 1, HUGE - 1),
            (3 * HUGE + 9, 3 * HUGE + 9),
            (HUGE, 3 * HUGE),
        ] {
            let content: Vec<u8> = (0..=250).cycle().take(bytes).collect();
            let mut from = create().unwrap();
            from.write_all(&content).unwrap();
            from.rewind().unwrap();
            let mut to = create().unwrap();
            let copied = HugePages::default().copy(&mut from, &mut to, said as u64).unwrap();
            let copied = usize::try_from(copied).unwrap();
            assert!(copied <= bytes && copied.is_multiple_of(HUGE), "{copied} of {bytes}");
            assert_eq!(to.stream_position().unwrap(), copied as u64);
            to.write_all(&content[copied..]).unwrap();
            let mut found = Vec::new();
            to.rewind().unwrap();
            to.read_to_end(&mut found).unwrap();
            assert!(found == content, "{} of {bytes}", found.len());
        }
    }
}
