//! What became of each submission in each group of tests, and how long it took there.

use comfy_table::Cell;

use crate::cli::table::{self, Column};
use crate::cli::units::seconds;
use crate::cli::verify::outcome::PackageReport;
use crate::cli::verify::row::Row;
use crate::contract::{TestVerdict, Verdict};
use crate::problem::{Item, TestGroup};

/// Groups of a package that need no table: the samples, and one of secret tests.
const FEW: usize = 2;

/// Characters of a verdict with a time, such as `TLE 12.345 s`, and of a gap.
const CELL: usize = 12;
const GAP: usize = 2;

/// Characters of the name of a submission that room is left for.
const NAME: usize = 30;

/// A submission in a group in which a test of it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InGroup<'a> {
    /// Name of the group.
    pub(super) name: &'a str,
    /// That of the first test that failed.
    pub(super) verdict: Verdict,
    /// CPU time of its slowest test, in milliseconds.
    pub(super) max_cpu_ms: u64,
    /// Time on the wall of the test that took longest, in milliseconds.
    pub(super) max_wall_ms: u64,
}

/// Names of the groups that tests lie in, in the order of judging.
pub(super) fn names_of(root: &TestGroup) -> Vec<String> {
    let has_tests = root.items.iter().any(|item| matches!(item, Item::Case(_)));
    let own = has_tests.then(|| root.name.clone());
    own.into_iter().chain(root.groups().flat_map(names_of)).collect()
}

/// What became of a submission in each of these groups.
pub(super) fn in_groups<'a>(row: &Row, names: &'a [String]) -> Vec<InGroup<'a>> {
    let ran = row.judgement().into_iter().flat_map(|judgement| &judgement.tests);
    let ran = ran.filter(|test| test.verdict != Verdict::Sk);
    let mut found: Vec<Option<InGroup<'a>>> = vec![None; names.len()];
    for test in ran {
        let Some(place) = group_of(&test.name, names) else {
            continue;
        };
        if let (Some(name), Some(group)) = (names.get(place), found.get_mut(place)) {
            *group = Some(with(*group, name, test));
        }
    }
    found.into_iter().flatten().collect()
}

/// The innermost group that a test lies in.
fn group_of(test: &str, names: &[String]) -> Option<usize> {
    let lies_in = |name: &String| {
        test.strip_prefix(name.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let around = names.iter().enumerate().filter(|(_, name)| lies_in(name));
    around.max_by_key(|(_, name)| name.len()).map(|(place, _)| place)
}

fn with<'a>(group: Option<InGroup<'a>>, name: &'a str, test: &TestVerdict) -> InGroup<'a> {
    let before = group.unwrap_or(InGroup {
        name,
        verdict: Verdict::Ac,
        max_cpu_ms: 0,
        max_wall_ms: 0,
    });
    InGroup {
        verdict: match before.verdict {
            Verdict::Ac => test.verdict,
            failed => failed,
        },
        max_cpu_ms: before.max_cpu_ms.max(test.cpu_ms),
        max_wall_ms: before.max_wall_ms.max(test.wall_ms),
        ..before
    }
}

/// Tables of submissions by groups, as many groups in each as its width has room for. None where there are few groups.
pub(super) fn tables(report: &PackageReport, width: u16) -> Vec<String> {
    let names = &report.groups;
    let rows: Vec<(&str, Vec<InGroup<'_>>)> = report
        .rows
        .iter()
        .map(|row| (row.name.as_str(), in_groups(row, names)))
        .filter(|(_, groups)| !groups.is_empty())
        .collect();
    if names.len() <= FEW || rows.is_empty() {
        return Vec::new();
    }
    let tables = parts(names, usize::from(width));
    tables.into_iter().map(|part| of_part(part, &rows, width)).collect()
}

/// The groups of each table.
fn parts(names: &[String], width: usize) -> Vec<&[String]> {
    let needs = |name: &String| name.chars().count().max(CELL) + GAP;
    let mut parts = Vec::new();
    let mut rest = names;
    while !rest.is_empty() {
        let mut taken = NAME;
        let fitting = rest.iter().take_while(|name| {
            taken += needs(name);
            taken <= width
        });
        let (part, others) = rest.split_at(fitting.count().max(1));
        parts.push(part);
        rest = others;
    }
    parts
}

fn of_part(names: &[String], rows: &[(&str, Vec<InGroup<'_>>)], width: u16) -> String {
    let groups = names.iter().map(|name| Column::Word(name));
    let columns: Vec<Column<'_>> = std::iter::once(Column::Text("submission")).chain(groups).collect();
    let cell = |groups: &[InGroup<'_>], name: &String| {
        let group = groups.iter().find(|group| group.name == name);
        let shown = group.map(|group| format!("{} {}", group.verdict, seconds(group.max_cpu_ms)));
        Cell::new(shown.unwrap_or_default())
    };
    let cells = rows.iter().map(|(submission, groups)| {
        let in_each = names.iter().map(|name| cell(groups, name));
        std::iter::once(table::text(submission)).chain(in_each).collect()
    });
    let cells: Vec<Vec<Cell>> = cells.collect();
    table::render(&columns, &cells, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_lies_in_the_innermost_group_around_it() {
        let names = ["sample", "secret", "secret/1", "secret/10"].map(str::to_owned);
        for (test, expected) in [
            ("sample/1", Some(0)),
            ("secret/1", Some(1)),
            ("secret/1/1", Some(2)),
            ("secret/1/deep/er", Some(2)),
            ("secret/10/test_it.py::test_one[a/b]", Some(3)),
            ("secrets/1", None),
        ] {
            assert_eq!(group_of(test, &names), expected, "{test}");
        }
    }

    #[test]
    fn tables_hold_as_many_groups_as_there_is_room_for() {
        let names: Vec<String> = (0..5).map(|number| format!("secret/group{number}")).collect();
        let sizes = |width| parts(&names, width).iter().map(|part| part.len()).collect::<Vec<_>>();
        assert_eq!(sizes(120), [5]);
        assert_eq!(sizes(80), [3, 2]);
        assert_eq!(sizes(10), [1, 1, 1, 1, 1]);
    }
}
