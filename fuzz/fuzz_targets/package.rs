//! The package loader: any archive, and any text in the files that describe a package, is loaded or refused, and nothing
//! is written outside of the directory.
#![no_main]

use std::fs;
use std::io::Write as _;

use assize::problem::{Package, ZipCaps, extract_zip};
use libfuzzer_sys::fuzz_target;

const CAPS: ZipCaps = ZipCaps {
    bytes: 1 << 20,
    files: 64,
};

fuzz_target!(|data: &[u8]| {
    let Some((&kind, rest)) = data.split_first() else { return };
    let root = tempfile::tempdir().expect("a temporary directory");
    let inside = root.path().join("inside");
    if kind % 2 == 0 {
        let mut archive = tempfile::tempfile().expect("a temporary file");
        archive.write_all(rest).expect("room for an archive");
        if let Ok(package) = extract_zip(archive, &inside, CAPS) {
            assert!(package.starts_with(&inside));
            let _refused = Package::load(&package);
        }
    } else {
        let (problem, groups) = rest.split_at(rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len()));
        let secret = inside.join("data/secret/group");
        fs::create_dir_all(&secret).expect("a directory");
        let yaml = |text: &[u8], path: &std::path::Path| fs::write(path, text).expect("room for a file");
        yaml(problem, &inside.join("problem.yaml"));
        yaml(groups, &secret.join("testdata.yaml"));
        yaml(groups, &secret.join("test_group.yaml"));
        yaml(b"1\n", &secret.join("1.in"));
        yaml(b"1\n", &secret.join("1.ans"));
        let _refused = Package::load(&inside);
    }
    let outside = fs::read_dir(root.path()).expect("the directory").count();
    assert!(outside <= 1, "something was written outside");
});
