//! Migrations: those that were applied anywhere stay as they are, and new ones are made for programs that run.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contractions;
mod keys;
mod names;
mod rule;
mod statements;
mod tables;
mod written_statements;

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use contractions::check_contraction;
use names::{released, unused_since};
use rule::check;
use tables::Tables;

/// The digests, as `sha256sum` in `migrations/` writes them.
const DIGESTS: &str = include_str!("../migrations.sha256");

/// The newest migration from before the rule.
const BASELINE: &str = "20261130050001_in_flight_and_expiry.sql";

/// How many migrations were there before the rule, with the newest.
const BEFORE_THE_RULE: usize = 22;

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
fn a_new_migration_comes_behind_all_others() {
    let listed: Vec<_> = DIGESTS
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert!(
        listed.is_sorted(),
        "a new migration has a higher number than all others, and is added at the end of migrations.sha256"
    );
    let before = listed.iter().filter(|name| **name <= BASELINE).count();
    assert_eq!(before, BEFORE_THE_RULE, "a new migration is numbered behind {BASELINE}");
    assert_eq!(listed[before - 1], BASELINE);
    let mut numbers: Vec<_> = listed.iter().filter_map(|name| Some(name.split_once('_')?.0)).collect();
    // Programs order them as numbers, and tests as text.
    assert!(numbers.iter().all(|number| number.len() == 14));
    numbers.dedup();
    assert_eq!(numbers.len(), listed.len(), "each has a number of its own");
}

#[test]
fn every_new_migration_lets_programs_of_the_release_before_go_on() {
    let released = released(&fs::read_to_string("CHANGELOG.md").unwrap());
    let mut tables = Tables::default();
    for (name, sql) in migrations() {
        let since = unused_since(&name);
        let contracts = since.is_some();
        if name.as_str() > BASELINE {
            let checked = match since {
                None => check(&sql, &tables),
                Some(Ok(since)) if released.contains(&since) => check_contraction(&sql),
                Some(since) => Err(format!("no release of the changelog: {since:?}")),
            };
            assert_eq!(checked, Ok(()), "migrations/{name}, see CONTRIBUTING.md");
        }
        let added = tables.add(&sql);
        // A contraction may have what the parser does not know.
        assert!(added.is_ok() || contracts, "migrations/{name}: {added:?}");
    }
}

#[test]
fn migrations_that_tests_apply_under_workers_keep_the_rule() {
    let mut tables = Tables::default();
    for (name, sql) in migrations() {
        let added = tables.add(&sql);
        assert!(added.is_ok() || unused_since(&name).is_some(), "{name}: {added:?}");
    }
    for (name, sql) in files("tests/common/later_migrations") {
        assert_eq!(check(&sql, &tables), Ok(()), "{name}");
        tables.add(&sql).unwrap();
    }
}
