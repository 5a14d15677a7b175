//! Migrations: those that were applied anywhere stay as they are, and new ones are made for programs that run.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod names;
mod rule;
mod statements;
mod written_statements;

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use names::{released, unused_since};
use rule::{Tables, check};

/// The digests, as `sha256sum` in `migrations/` writes them.
const DIGESTS: &str = include_str!("../migrations.sha256");

/// The newest migration from before the rule.
const BASELINE: &str = "20261130050001_in_flight_and_expiry.sql";

/// Names and texts, in the order in which they are applied.
fn migrations() -> Vec<(String, String)> {
    files("migrations")
}

fn files(folder: &str) -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let named = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.iter().map(|path| named(path)).collect()
}

#[test]
fn every_migration_is_what_it_was_when_it_came() {
    let found: String = migrations()
        .iter()
        .map(|(name, sql)| format!("{}  {name}\n", hex::encode(Sha256::digest(sql))))
        .collect();
    assert_eq!(
        found, DIGESTS,
        "an old migration is not edited, a new one comes behind all and is added to tests/pure/migrations.sha256"
    );
}

#[test]
fn every_new_migration_lets_programs_of_the_release_before_go_on() {
    let released = released(&fs::read_to_string("CHANGELOG.md").unwrap());
    let mut tables = Tables::default();
    for (name, sql) in migrations() {
        if name.as_str() > BASELINE {
            let checked = match unused_since(&name) {
                None => check(&sql, &tables),
                Some(Ok(since)) if released.contains(&since) => Ok(()),
                Some(since) => Err(format!("no release of the changelog: {since:?}")),
            };
            assert_eq!(checked, Ok(()), "migrations/{name}, see CONTRIBUTING.md");
        }
        tables.add(&sql);
    }
    assert!(migrations().iter().any(|(name, _)| name == BASELINE));
}

#[test]
fn migrations_that_tests_apply_under_workers_keep_the_rule() {
    let mut tables = Tables::default();
    for (_, sql) in migrations() {
        tables.add(&sql);
    }
    for (name, sql) in files("tests/common/later_migrations") {
        assert_eq!(check(&sql, &tables), Ok(()), "{name}");
        tables.add(&sql);
    }
}
