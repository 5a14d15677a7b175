//! The lists of zip archives, byte by byte: what they say about themselves, and names that no program for people would
//! write.

use std::fs;
use std::path::PathBuf;

use assize::problem::{PackageError, ZipCaps};
use tempfile::TempDir;

use super::archives::{CAPS, unpacked};

/// An archive of entries in this order, the names of which nothing looks at, as other programs write them.
fn raw_archive(entries: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sum.zip");
    let (mut contents, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        list.extend(header(name, contents.len(), content));
        contents.extend(local_header(name, content));
        contents.extend(content.as_bytes());
    }
    let end = end_record(entries.len(), list.len(), contents.len());
    fs::write(&path, [contents, list, end].concat()).unwrap();
    (directory, path)
}

/// Checksum, sizes and the length of the name, as both headers have them.
fn described(name: &str, content: &str) -> Vec<u8> {
    let mut checksum = flate2::Crc::new();
    checksum.update(content.as_bytes());
    let size = u32::try_from(content.len()).unwrap();
    let length = u16::try_from(name.len()).unwrap().to_le_bytes();
    let numbers = [checksum.sum(), size, size].map(u32::to_le_bytes).concat();
    [&numbers[..], &length, &[0, 0]].concat()
}

fn local_header(name: &str, content: &str) -> Vec<u8> {
    [
        b"PK\x03\x04\x0a\0\0\x08",
        &[0; 6][..],
        &described(name, content),
        name.as_bytes(),
    ]
    .concat()
}

fn header(name: &str, offset: usize, content: &str) -> Vec<u8> {
    let offset = u32::try_from(offset).unwrap().to_le_bytes();
    let start: &[u8] = b"PK\x01\x02\x0a\0\x0a\0\0\x08";
    [
        start,
        &[0; 6],
        &described(name, content),
        &[0; 10],
        &offset,
        name.as_bytes(),
    ]
    .concat()
}

fn end_record(entries: usize, list: usize, offset: usize) -> Vec<u8> {
    let entries = u16::try_from(entries).unwrap().to_le_bytes();
    let [list, offset] = [list, offset].map(|number| u32::try_from(number).unwrap().to_le_bytes());
    [b"PK\x05\x06\0\0\0\0", &entries[..], &entries, &list, &offset, &[0, 0]].concat()
}

const PROBLEM: (&str, &str) = ("problem.yaml", "name: Sum\n");

#[test]
fn an_archive_whose_names_collide_or_fit_no_disk_is_at_fault_itself() {
    let long = "n".repeat(300);
    let deep = "directory-of-some-length-".repeat(10) + "/";
    let deep = deep.repeat(20) + "1.in";
    let secret = ("data/secret/1.in", "1");
    let collides = "at whose path it holds something else, too";
    for (entries, told) in [
        (&[PROBLEM, PROBLEM][..], r#"holds "problem.yaml" twice"#),
        (&[PROBLEM, ("./problem.yaml", "x")], collides),
        (&[secret, ("data\\secret\\1.in", "2")], collides),
        (&[secret, ("data//secret/./1.in", "2")], collides),
        (&[("data", ""), secret], collides),
        (&[secret, ("data", "")], collides),
        (&[secret, ("data/secret/1.in/", "")], collides),
        (&[(".", "x")], collides),
        (&[(&long, "")], "whose name is too long"),
        (&[(&deep, "")], "whose name is too long"),
    ] {
        let (_archive, path) = raw_archive(entries);
        let (_into, result) = unpacked(&path, ZipCaps { files: 200, ..CAPS });
        let error = result.unwrap_err();
        assert!(matches!(error, PackageError::Invalid { .. }), "{error:?}");
        let error = error.to_string();
        assert!(error.contains(told), "{told}: {error}");
        assert!(error.len() < 800, "{error}");
    }
}

#[test]
fn a_directory_may_be_listed_more_than_once() {
    for again in ["data/", "data\\", "./data/", "./"] {
        let entries = [PROBLEM, ("data/", ""), (again, ""), ("data/secret/1.in", "1")];
        let (_archive, path) = raw_archive(&entries);
        let (_into, result) = unpacked(&path, CAPS);
        assert!(result.unwrap().join("data/secret/1.in").is_file(), "{again}");
    }
}

/// End records of large archives, as Python writes them behind a list with these numbers.
fn large_end(entries: u64, list: u64, offset: u64) -> Vec<u8> {
    let numbers = [entries, entries, list, offset].map(u64::to_le_bytes).concat();
    let record = [b"PK\x06\x06\x2c", &[0; 7][..], &[45, 0, 45, 0], &[0; 8], &numbers].concat();
    let at = (offset + list).to_le_bytes();
    let locator = [b"PK\x06\x07\0\0\0\0", &at[..], &[1, 0, 0, 0]].concat();
    let cut = [b"PK\x05\x06\0\0\0\0", &[0xff; 12][..], &[0, 0]].concat();
    [record, locator, cut].concat()
}

#[test]
fn the_list_of_an_archive_is_found_where_other_programs_find_it() {
    let (_archive, path) = raw_archive(&[PROBLEM, ("data/secret/1.in", "1")]);
    let plain = fs::read(&path).unwrap();
    let (content, end) = plain.split_at(plain.len() - 22);
    let number = |at: usize| u64::from(u32::from_le_bytes(end[at..at + 4].try_into().unwrap()));
    let large = [content, &large_end(2, number(12), number(16))].concat();
    let with_comment = |comment: &[u8]| {
        let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
        [&plain[..plain.len() - 2], &length, comment].concat()
    };
    // Its own comment would be longer than the file.
    let longer = [&end[..20], &[0xff, 0x7f]].concat();
    for (archive, told) in [
        (plain.clone(), "plain"),
        (large.clone(), "large"),
        ([b"#!/bin/sh\nexit\n", &plain[..]].concat(), "behind a program"),
        ([b"#!/bin/sh\nexit\n", &large[..]].concat(), "large, behind a program"),
        (with_comment(&[b'x'; 0xffff]), "with the longest comment"),
        (with_comment(&longer), "with a record in its comment that is longer"),
        (
            with_comment(end),
            "with a record in its comment before which is no list",
        ),
    ] {
        fs::write(&path, archive).unwrap();
        let (_into, result) = unpacked(&path, CAPS);
        let root = result.unwrap_or_else(|error| panic!("{told}: {error}"));
        assert_eq!(fs::read(root.join("data/secret/1.in")).unwrap(), b"1", "{told}");
    }
}

#[test]
fn a_list_that_is_too_long_or_does_not_lie_where_it_is_said_to_is_refused_before_it_is_read() {
    let (_archive, path) = raw_archive(&[PROBLEM]);
    let plain = fs::read(&path).unwrap();
    let content = &plain[..plain.len() - 22];
    let offset = 30 + PROBLEM.0.len() + PROBLEM.1.len();
    let list = content.len() - offset;
    let many = header("1.in", 0, "").repeat(300);
    let comments = {
        let mut entry = header("1.in", 0, "");
        entry[32..34].copy_from_slice(&u16::MAX.to_le_bytes());
        [entry, vec![b'c'; usize::from(u16::MAX)]].concat()
    };
    let is_none = "is no zip archive";
    for (archive, told) in [
        // What is said is refused by itself, whatever is there.
        ([content, &end_record(21, list, offset)].concat(), is_none),
        (
            [content, &large_end(1 << 40, list as u64, offset as u64)].concat(),
            is_none,
        ),
        (
            [content, &large_end(u64::MAX, list as u64, offset as u64)].concat(),
            is_none,
        ),
        ([content, &large_end(1, u64::MAX, 0)].concat(), is_none),
        ([content, &end_record(1, list, offset + 1)].concat(), is_none),
        ([content, &end_record(1, list - 1, offset)].concat(), is_none),
        (
            [many.clone(), end_record(300, many.len(), 0)].concat(),
            "holds 300 files, at most 20",
        ),
        (
            [many.clone(), large_end(300, many.len() as u64, 0)].concat(),
            "holds 300 files, at most 20",
        ),
        (
            [comments.clone(), end_record(1, comments.len(), 0)].concat(),
            "the list of files in the archive has 65585 bytes, at most 10240",
        ),
        // It has more entries than is said, and fewer.
        (
            [many.clone(), end_record(1, many.len(), 0)].concat(),
            "the list of files in the archive has 15000 bytes",
        ),
        ([&many[..50], &[b'x'; 50], &end_record(2, 100, 0)].concat(), is_none),
    ] {
        fs::write(&path, archive).unwrap();
        let (into, result) = unpacked(&path, CAPS);
        let error = result.unwrap_err().to_string();
        assert!(error.contains(told), "{told}: {error}");
        let written = fs::read_dir(into.path().join("into")).map_or(0, Iterator::count);
        assert_eq!(written, 0, "{told}");
    }
}
