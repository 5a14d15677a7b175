//! What of a package is judged.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::cli::verify::lint::Finding;
use crate::problem::{Package, glob_matches};

/// Filters, and a time limit of one's own.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Only the submissions that match, and no check of the data, such as 'accepted', 'accepted/*.py' or 'sum.py'; may be given again
    #[arg(long = "submission", value_name = "GLOB")]
    submissions: Vec<String>,

    /// Only the tests that match, such as 'sample' or 'secret/big*'; may be given again
    #[arg(long = "test", value_name = "GLOB")]
    tests: Vec<String>,

    /// Time limit instead of that of the package
    #[arg(short = 't', long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) time_limit: Option<Duration>,
}

impl Selection {
    /// Not all submissions are judged.
    pub(super) fn leaves_submissions_out(&self) -> bool {
        !self.submissions.is_empty()
    }

    /// Not all tests are run, so that what some test must come to, and scores, cannot be told.
    pub(super) fn leaves_tests_out(&self) -> bool {
        !self.tests.is_empty()
    }

    /// Whether a test, or a case of `data/invalid_input` and the like, is wanted.
    pub(super) fn has_test(&self, name: &str) -> bool {
        !self.leaves_tests_out() || any(&self.tests, name)
    }

    /// Takes out of a package what is not wanted.
    pub(super) fn narrow(&self, package: &mut Package) -> Option<Finding> {
        if self.leaves_submissions_out() {
            package.examples.retain(|example| any(&self.submissions, &example.name));
            if package.examples.is_empty() {
                return Some(Finding::Error(format!(
                    "no submission matches {}",
                    self.submissions.join(", ")
                )));
            }
        }
        if self.leaves_tests_out() && !package.keep_tests(|test| self.has_test(&test.name)) {
            package.examples.clear();
            return Some(Finding::Error(format!("no test matches {}", self.tests.join(", "))));
        }
        None
    }
}

/// A glob without a slash is one on the last part of the name too.
fn any(globs: &[String], name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    globs
        .iter()
        .any(|glob| glob_matches(glob, name) || (!glob.contains('/') && glob_matches(glob, last)))
}

fn seconds(text: &str) -> anyhow::Result<Duration> {
    let number: f64 = text.parse().context("expected a number of seconds, such as 2 or 0.5")?;
    ensure!(
        (0.001..=3600.0).contains(&number),
        "expected 0.001 to 3600 seconds, such as 2 or 0.5"
    );
    Ok(Duration::from_secs_f64(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_names_a_folder_a_path_or_the_last_part_of_one() {
        let rows = [
            ("accepted", "accepted/sum.py", true),
            ("accepted/*.py", "accepted/sum.py", true),
            ("sum.*", "accepted/sum.py", true),
            ("{sum,add}.py", "wrong_answer/add.py", true),
            ("sample", "secret/1", false),
            ("secret/b*", "secret/big", true),
        ];
        for (glob, name, wanted) in rows {
            assert_eq!(any(&[glob.to_owned()], name), wanted, "{glob} on {name}");
        }
    }

    #[test]
    fn a_time_limit_is_a_number_of_seconds_that_can_be_measured() {
        assert_eq!(seconds("0.5").unwrap(), Duration::from_millis(500));
        for wrong in ["0", "-1", "NaN", "inf", "1e99", "two"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
