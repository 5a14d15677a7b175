//! `docs/cheats.md` says of each cheat of the corpus what it tries, and in which ways it is judged.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;

/// What a cheat tries, and the ways to grade.
type Row = (String, String);

/// Rows of the table by the names of their cheats.
fn told() -> BTreeMap<String, Row> {
    let page = fs::read_to_string("docs/cheats.md").unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, tries, stops, ways] = cells[..] else {
            panic!("{line}: four cells are expected")
        };
        assert!(stops.len() > 10, "{line}: what stops it?");
        (name.trim_matches('`').to_owned(), (tries.to_owned(), ways.to_owned()))
    };
    let rows: Vec<_> = rows.map(row).collect();
    let count = rows.len();
    let told: BTreeMap<_, _> = rows.into_iter().collect();
    assert_eq!(told.len(), count, "a cheat has two rows");
    told
}

/// What the files say.
fn files() -> BTreeMap<String, Row> {
    let entries = fs::read_dir("tests/corpus/cheats").unwrap();
    let row = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let tries = text.lines().next().unwrap().strip_prefix("# technique: ");
        let tries = tries.unwrap_or_else(|| panic!("{} says nothing of what it tries", path.display()));
        let ways = match text.contains("\n# tests\n") {
            true => "pytest",
            false => "call, asserts, pytest",
        };
        assert!(text.contains("\n# honest twin\n"), "{} has no twin", path.display());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, (tries.to_owned(), ways.to_owned()))
    };
    entries.map(|entry| row(entry.unwrap().path())).collect()
}

#[test]
fn every_cheat_has_a_row_that_says_what_its_file_says_and_every_row_has_a_file() {
    let (told, files) = (told(), files());
    let lost: Vec<_> = told.keys().filter(|name| !files.contains_key(*name)).collect();
    assert!(lost.is_empty(), "docs/cheats.md has rows without a file: {lost:?}");
    for (name, file) in &files {
        assert_eq!(told.get(name), Some(file), "the row of {name} in docs/cheats.md");
    }
}
