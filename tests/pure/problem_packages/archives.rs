//! Problem packages that come as ZIP archives, from authors and from attackers.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use assize::problem::{Package, PackageError, ZipCaps, extract_zip};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(super) const CAPS: ZipCaps = ZipCaps {
    bytes: 1 << 20,
    files: 20,
};

fn archive(entries: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sum.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        match name.strip_suffix('/') {
            Some(directory) => zip.add_directory(directory, options).unwrap(),
            None => {
                zip.start_file(*name, options.unix_permissions(0o755)).unwrap();
                zip.write_all(content).unwrap();
            }
        }
    }
    zip.finish().unwrap();
    (directory, path)
}

pub(super) fn unpacked(archive: &Path, caps: ZipCaps) -> (TempDir, Result<PathBuf, PackageError>) {
    let directory = tempfile::tempdir().unwrap();
    let result = extract_zip(File::open(archive).unwrap(), &directory.path().join("into"), caps);
    (directory, result)
}

#[test]
fn a_package_lies_at_the_top_or_in_the_only_directory() {
    let (usual, of_domjudge) = ("problem.yaml", "domjudge-problem.ini");
    for (prefix, mark) in [("", usual), ("sum/", usual), ("", of_domjudge), ("sum/", of_domjudge)] {
        let names = [mark, "data/secret/1.in", "data/secret/1.ans"];
        let names: Vec<String> = names.iter().map(|name| format!("{prefix}{name}")).collect();
        let mut entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"# text\n"[..])).collect();
        entries.extend(
            [("__MACOSX/", &b""[..]), ("data/", &b""[..])]
                .into_iter()
                .filter(|_| prefix.is_empty()),
        );
        let (_archive, path) = archive(&entries);
        let (_into, package) = unpacked(&path, CAPS);
        let package = package.unwrap();
        assert_eq!(Package::load(&package).unwrap().tests.len(), 1);
    }
}

#[test]
fn entries_that_lead_out_of_the_directory_are_refused_and_write_nothing() {
    for name in [
        "../evil",
        "sum/../../evil",
        "/evil",
        "sum\\..\\..\\evil",
        "\\evil",
        "C:\\evil",
        "./../evil",
        "a/\0/evil",
    ] {
        let (_archive, path) = archive(&[(name, b"evil")]);
        let (directory, result) = unpacked(&path, CAPS);
        let error = result.unwrap_err().to_string();
        assert!(error.contains("leads out of it or is no plain name"), "{name}: {error}");
        assert!(!directory.path().join("evil").exists(), "{name}");
    }
}

#[test]
fn names_with_backslashes_and_in_code_page_437_are_read() {
    let (_archive, path) = archive(&[
        ("sum\\", b""),
        ("sum\\problem.yaml", b"name: Sum\n"),
        ("sum\\data\\secret\\1.in", b"1\n"),
        ("sum\\data\\secret\\1.ans", b"1\n"),
        ("sum\\data\\secret\\gr_.desc", b"x"),
    ]);
    let mut bytes = fs::read(&path).unwrap();
    // `ö` in code page 437, in the header of the entry and in the list of entries.
    while let Some(at) = bytes.windows(3).position(|window| window == b"gr_") {
        bytes[at + 2] = 0x94;
    }
    fs::write(&path, bytes).unwrap();
    let (_into, result) = unpacked(&path, CAPS);
    let root = result.unwrap();
    assert_eq!(Package::load(&root).unwrap().tests[0].name, "secret/1");
    assert!(root.join("data/secret/grö.desc").is_file());
}

#[test]
fn symbolic_links_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sum.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    zip.add_symlink("problem.yaml", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    zip.finish().unwrap();
    let (_into, result) = unpacked(&path, CAPS);
    let error = result.unwrap_err().to_string();
    assert!(
        error.ends_with("the archive holds the symbolic link \"problem.yaml\""),
        "{error}"
    );
}

#[test]
fn a_bomb_is_stopped_at_the_cap_and_not_when_the_disk_is_full() {
    let zeros = vec![0; 8 << 20];
    let half = vec![0; 700 << 10];
    let bombs: [&[(&str, &[u8])]; 2] = [&[("data/1.in", &zeros)], &[("data/1.in", &half), ("data/2.in", &half)]];
    for entries in bombs {
        let (_archive, path) = archive(entries);
        assert!(fs::metadata(&path).unwrap().len() < 64 << 10, "it is small");
        let (directory, result) = unpacked(&path, CAPS);
        let error = result.unwrap_err().to_string();
        assert!(error.ends_with("the archive holds more than 1048576 bytes"), "{error}");
        let written: u64 = fs::read_dir(directory.path().join("into/data"))
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        assert!(written <= CAPS.bytes, "{written} bytes were written");
    }
}

#[test]
fn sizes_in_the_headers_are_not_believed() {
    let (_archive, path) = archive(&[("problem.yaml", &vec![0; 2 << 20])]);
    let mut bytes = fs::read(&path).unwrap();
    // The inflated size in the local header and in the central directory, as four bytes each.
    let size = (2_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&7_u32.to_le_bytes());
    }
    fs::write(&path, bytes).unwrap();
    let (directory, result) = unpacked(&path, CAPS);
    assert!(result.is_err());
    let written = fs::metadata(directory.path().join("into/problem.yaml")).map_or(0, |file| file.len());
    assert!(written <= CAPS.bytes, "{written} bytes were written");
}

#[test]
fn too_many_entries_and_what_is_no_package_are_refused() {
    let names: Vec<String> = (0..30).map(|number| format!("data/{number}.in")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let (_archive, path) = archive(&entries);
    let (_into, result) = unpacked(&path, CAPS);
    let error = result.unwrap_err().to_string();
    assert!(
        error.ends_with("the archive holds 30 files, at most 20 are allowed"),
        "{error}"
    );

    // Directories that only names hold, and one that lies too deep.
    let ways: Vec<String> = (0..7).map(|number| format!("data/{number}/a/b/1.in")).collect();
    let entries: Vec<(&str, &[u8])> = ways.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let deep = format!("{}1.in", "d/".repeat(33));
    for (entries, told) in [
        (&entries[..], "more than 20 files and directories"),
        (&[(deep.as_str(), &b""[..])], "more than 32 directories deep"),
    ] {
        let (_archive, path) = archive(entries);
        let (_into, result) = unpacked(&path, CAPS);
        let error = result.unwrap_err().to_string();
        assert!(error.ends_with(told), "{error}");
    }

    let (_archive, path) = archive(&[("readme.txt", b"hello")]);
    let (_into, result) = unpacked(&path, CAPS);
    let error = result.unwrap_err().to_string();
    assert!(error.contains("the archive holds no problem.yaml"), "{error}");

    fs::write(&path, "no archive").unwrap();
    let (_into, result) = unpacked(&path, CAPS);
    let error = result.unwrap_err().to_string();
    assert!(error.contains("is no zip archive"), "{error}");
}
