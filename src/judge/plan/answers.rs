//! Submissions that are answers to the tests (`type: submit-answer`): a program that is ours writes the file of each test,
//! so that an answer goes the way of every other output, through limits and validators.
//!
//! The format leaves open which file answers which test. Here its name says so: that of the test with `.out` or `.ans`
//! behind it, from `secret/group/1.out` down to `1.out`; a single file answers a single secret test.

use crate::contract::{Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::plan::{PlannedTest, rejected};

/// Name of the program that writes answers.
pub(super) const PRINTER: &str = "assize_print_answer.py";

const ENDINGS: [&str; 3] = [".out", ".ans", ""];

/// The program that writes answers.
pub(super) fn printer() -> SourceFile {
    SourceFile {
        name: PRINTER.to_owned(),
        content: include_bytes!("print_answer.py").to_vec(),
    }
}

/// Gives each test the file that answers it.
///
/// # Errors
/// When no file answers any.
pub(super) fn hand_out(submission: &Submission, tests: &mut [PlannedTest]) -> Result<(), Rejected> {
    let names: Vec<String> = tests.iter().map(|test| test.name.clone()).collect();
    let files: Vec<&str> = submission.files.iter().map(|file| file.name.as_str()).collect();
    let mut answered = 0;
    for test in &mut *tests {
        let file = answer_to(&test.name, &names, &files);
        answered += usize::from(file.is_some());
        test.args = file.into_iter().map(str::to_owned).collect();
    }
    if answered == 0 {
        let example = names.iter().find(|name| is_secret(name)).or(names.first());
        let reason = format!(
            "no file is called as a test, so that none is answered; expected files such as {}.out",
            example.map_or("1", |name| base_of(name))
        );
        return Err(rejected(submission, RejectionCode::EntryPoint, "files", reason));
    }
    Ok(())
}

fn answer_to<'a>(test: &str, tests: &[String], files: &[&'a str]) -> Option<&'a str> {
    let called = |stem: &str| {
        let is = |file: &&&str| ENDINGS.iter().any(|ending| file.strip_suffix(ending) == Some(stem));
        files.iter().find(is).copied()
    };
    let below = test.split_once('/').map_or(test, |(_, below)| below);
    let stems = [test, below, base_of(test)];
    let is_named = stems.into_iter().find_map(|stem| {
        // `1.out` answers the secret test 1 and not the sample 1.
        let mut others = tests
            .iter()
            .filter(|other| *other != test && other.ends_with(&format!("/{stem}")));
        let is_free = if is_secret(test) {
            others.all(|other| !is_secret(other))
        } else {
            others.next().is_none()
        };
        called(stem).filter(|_| stem == test || is_free)
    });
    let mut secret = tests.iter().filter(|name| is_secret(name));
    let alone = match (secret.next(), secret.next(), files) {
        (Some(only), None, [file]) if only == test => Some(*file),
        _ => None,
    };
    is_named.or(alone)
}

fn is_secret(test: &str) -> bool {
    test.starts_with("secret/")
}

fn base_of(test: &str) -> &str {
    test.rsplit('/').next().unwrap_or(test)
}

#[cfg(test)]
mod tests {
    use super::answer_to;

    #[test]
    fn a_file_answers_the_test_whose_name_it_has() {
        let groups = ["sample/1", "secret/a/1", "secret/a/2", "secret/b/1"];
        let names = ["sample/1", "secret/1", "secret/2.5"];
        let single = ["sample/1", "secret/tour"];
        type Row<'a> = (&'a [&'a str], &'a str, &'a [&'a str], Option<&'a str>);
        let rows: [Row<'_>; 13] = [
            (&names, "secret/1", &["1.out", "2.5.out"], Some("1.out")),
            (&names, "secret/2.5", &["1.out", "2.5.out"], Some("2.5.out")),
            (&names, "secret/2.5", &["1.out", "2.out"], None),
            (&names, "sample/1", &["1.out"], None),
            (&names, "sample/1", &["1.out", "sample/1.ans"], Some("sample/1.ans")),
            (&names, "secret/1", &["secret/1"], Some("secret/1")),
            (&groups, "secret/a/1", &["1.out"], None),
            (&groups, "secret/a/1", &["a/1.out", "b/1.out"], Some("a/1.out")),
            (&groups, "secret/a/2", &["2.ans"], Some("2.ans")),
            (
                &groups,
                "secret/b/1",
                &["secret/b/1.out", "1.out"],
                Some("secret/b/1.out"),
            ),
            (&single, "secret/tour", &["best.txt"], Some("best.txt")),
            (&single, "sample/1", &["best.txt"], None),
            (&single, "secret/tour", &["best.txt", "second.txt"], None),
        ];
        for (tests, test, files, expected) in rows {
            let tests: Vec<String> = tests.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(answer_to(test, &tests, files), expected, "{test} {files:?}");
        }
    }
}
