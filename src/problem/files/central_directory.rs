//! The list of what is in a zip archive, its central directory. It lies at the end and is read at once, so it is found and
//! measured before.
//!
//! The library looks for a list in many places, and reserves memory by what an archive says about itself. So it is given
//! a [`View`]: the archive up to the end of the list that was measured, with end records of that list behind it.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;

/// Marks of an entry in the list, of the end record, and of the two records of large archives before it.
const HEADER_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";
const LARGE_MARK: &[u8] = b"PK\x06\x06";
const LOCATOR_MARK: &[u8] = b"PK\x06\x07";

/// Bytes of these, as far as they have a fixed size.
const HEADER: usize = 46;
const END: usize = 22;
const LARGE: usize = 56;
const LOCATOR: usize = 20;

/// Longest comment behind the end record, in bytes.
const COMMENT: usize = 0xffff;

/// Where the lengths of its name, its extra fields and its comment lie in an entry, with two bytes each.
const LENGTHS: [usize; 3] = [28, 30, 32];

/// A list that lies before its end record, as other programs that read archives expect it.
#[derive(Debug, Clone, Copy)]
pub(super) struct CentralDirectory {
    /// Where the archive begins in its file: a program that unpacks it may lie before.
    begin: u64,
    /// Where the list begins in the file.
    start: u64,
    /// Size of the list.
    pub(super) bytes: u64,
    /// Files and directories in it.
    pub(super) entries: u64,
}

/// What an end record says about the list.
struct EndRecord {
    /// Numbers of this file, and of the one with the list, where an archive is several files.
    disks: [u64; 2],
    /// Entries in this file, and in all.
    entries: [u64; 2],
    bytes: u64,
    offset: u64,
}

impl CentralDirectory {
    /// The list of an archive; `None` where it has none.
    pub(super) fn find(archive: &File) -> io::Result<Option<Self>> {
        let size = archive.metadata()?.len();
        let at = size.saturating_sub((END + COMMENT) as u64);
        let tail = bytes_at(archive, at, size - at)?;
        // The last one holds, unless it is a part of a comment.
        for (position, record) in tail.windows(END).enumerate().rev() {
            let comment = number(&record[END - 2..]);
            let is_end = record.starts_with(END_MARK) && comment <= (tail.len() - position - END) as u64;
            if is_end && let Some(found) = Self::before(archive, at + position as u64, record)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The list before this end record, if one is there.
    fn before(archive: &File, end: u64, record: &[u8]) -> io::Result<Option<Self>> {
        let mut said = EndRecord::read(&record[END_MARK.len()..], [2, 2, 2, 2, 4, 4]);
        let mut list_end = end;
        if said.is_cut()
            && let Some(at) = end.checked_sub((LARGE + LOCATOR) as u64)
        {
            let large = bytes_at(archive, at, (LARGE + LOCATOR) as u64)?;
            if large.starts_with(LARGE_MARK) && large[LARGE..].starts_with(LOCATOR_MARK) {
                said = EndRecord::read(&large[16..], [4, 4, 8, 8, 8, 8]);
                list_end = at;
            }
        }
        let Some(found) = said.list_before(list_end) else {
            return Ok(None);
        };
        let is_there = found.entries == 0 || bytes_at(archive, found.start, HEADER as u64)?.starts_with(HEADER_MARK);
        Ok(is_there.then_some(found))
    }

    /// The names that the list has once more, each time that it does.
    pub(super) fn doubled(self, archive: &File) -> io::Result<Vec<String>> {
        let list = bytes_at(archive, self.start, self.bytes)?;
        let mut known = HashSet::new();
        let mut doubled = Vec::new();
        let mut rest = &list[..];
        while rest.len() >= HEADER {
            let lengths = LENGTHS.map(|at| usize::from(u16::from_le_bytes([rest[at], rest[at + 1]])));
            let behind = &rest[HEADER..];
            let name = &behind[..lengths[0].min(behind.len())];
            if !known.insert(name) {
                doubled.push(String::from_utf8_lossy(name).into_owned());
            }
            rest = behind.get(lengths.iter().sum()..).unwrap_or_default();
        }
        Ok(doubled)
    }
}

impl EndRecord {
    /// The fields of a record, which have these sizes.
    fn read(record: &[u8], sizes: [usize; 6]) -> Self {
        let mut rest = record;
        let [disk, disk_of_list, entries_here, entries, bytes, offset] = sizes.map(|size| {
            let (field, behind) = rest.split_at(size);
            rest = behind;
            number(field)
        });
        Self {
            disks: [disk, disk_of_list],
            entries: [entries_here, entries],
            bytes,
            offset,
        }
    }

    /// Whether a number does not fit, and stands in the record of large archives.
    fn is_cut(&self) -> bool {
        let most = u64::from(u32::MAX);
        self.entries[1] == u64::from(u16::MAX) || self.bytes == most || self.offset == most
    }

    /// The list that ends there, if it can be as this says.
    fn list_before(&self, end: u64) -> Option<CentralDirectory> {
        let start = end.checked_sub(self.bytes)?;
        let found = CentralDirectory {
            begin: start.checked_sub(self.offset)?,
            start,
            bytes: self.bytes,
            entries: self.entries[1],
        };
        let is_one_file = self.disks == [0, 0] && self.entries[0] == self.entries[1];
        let least = found.entries.checked_mul(HEADER as u64)?;
        (is_one_file && least <= found.bytes).then_some(found)
    }
}

/// An archive whose end records were replaced.
#[derive(Debug)]
pub(super) struct View {
    archive: File,
    begin: u64,
    /// Bytes of the archive, up to the end of its list.
    length: u64,
    records: Vec<u8>,
    at: u64,
}

impl View {
    pub(super) fn of(archive: File, list: CentralDirectory) -> Self {
        let offset = list.start - list.begin;
        let length = offset + list.bytes;
        Self {
            archive,
            begin: list.begin,
            length,
            records: records_of(list, offset),
            at: 0,
        }
    }
}

/// End records of a list that begins there, in the form of large archives.
fn records_of(list: CentralDirectory, offset: u64) -> Vec<u8> {
    let rest_of_record = (LARGE - LARGE_MARK.len() - size_of::<u64>()) as u64;
    let mut records = [LARGE_MARK, &rest_of_record.to_le_bytes(), &[45, 0, 45, 0], &[0; 8]].concat();
    for wide in [list.entries, list.entries, list.bytes, offset] {
        records.extend(wide.to_le_bytes());
    }
    // One file, in which the record above lies right behind the list.
    let at = (offset + list.bytes).to_le_bytes();
    records.extend([LOCATOR_MARK, &[0; 4], &at, &[1, 0, 0, 0]].concat());
    records.extend([END_MARK, &[0; 4], &[0xff; 12], &[0; 2]].concat());
    records
}

impl Read for View {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match self.length.saturating_sub(self.at) {
            0 => {
                let skipped = usize::try_from(self.at - self.length).unwrap_or(usize::MAX);
                self.records.get(skipped..).unwrap_or_default().read(into)?
            }
            left => {
                let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                self.archive.read_at(&mut into[..most], self.begin + self.at)?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let size = self.length + self.records.len() as u64;
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

fn bytes_at(file: &File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}

/// A number as archives have them: the least significant byte first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |high, &byte| high << 8 | u64::from(byte))
}
