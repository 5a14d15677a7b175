//! Migrations that were applied anywhere stay as they are: a database in which another text was applied refuses to start.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// The digests, as `sha256sum` in `migrations/` writes them.
const DIGESTS: &str = include_str!("migrations.sha256");

#[test]
fn every_migration_is_what_it_was_when_it_came() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let found: String = paths
        .iter()
        .map(|path| {
            let digest = hex::encode(Sha256::digest(fs::read(path).unwrap()));
            format!("{digest}  {}\n", path.file_name().unwrap().to_str().unwrap())
        })
        .collect();
    assert_eq!(
        found, DIGESTS,
        "an old migration is not edited, a new one comes behind all and is added to tests/pure/migrations.sha256"
    );
}
