//! Names of migrations that take something away.

use semver::Version;

/// The release since which no program uses what the migration takes away, where its name says one. It stands in the name,
/// since that is what a database keeps of a migration, and programs of earlier versions read it there.
pub(super) fn unused_since(name: &str) -> Option<Result<Version, semver::Error>> {
    let (_, since) = name.strip_suffix(".sql")?.rsplit_once("_unused_since_")?;
    Some(Version::parse(since))
}

/// The versions that a changelog has.
pub(super) fn released(changelog: &str) -> Vec<Version> {
    let headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    let words = headings.filter_map(|heading| heading.split_whitespace().next());
    words
        .filter_map(|word| Version::parse(word.trim_matches(['[', ']'])).ok())
        .collect()
}

#[test]
fn the_name_of_a_migration_says_since_which_release_nothing_uses_what_goes() {
    let version = |text| Some(Version::parse(text).unwrap());
    for (name, since) in [
        ("20270301000001_old_runs_unused_since_1.3.0.sql", version("1.3.0")),
        ("20270301000001_unused_since_2.0.0-rc.1.sql", version("2.0.0-rc.1")),
        ("20270301000001_runs.sql", None),
    ] {
        assert_eq!(unused_since(name).map(Result::unwrap), since, "{name}");
    }
    assert!(
        unused_since("20270301000001_runs_unused_since_1.3.sql")
            .unwrap()
            .is_err()
    );
}

#[test]
fn what_is_not_released_is_no_release() {
    let changelog = "# Changelog\n\n## Unreleased\n\n### Added\n\n## [1.3.0] - 2027-02-01\n\n## 1.2.0 - 2027-01-01\n";
    let versions = [Version::new(1, 3, 0), Version::new(1, 2, 0)];
    assert_eq!(released(changelog), versions);
}
