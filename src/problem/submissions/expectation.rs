//! What an author expects of an example submission.

use crate::contract::Verdict;

/// What must hold for a submission; all of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expectation {
    /// What must hold.
    pub requirements: Vec<Requirement>,
    /// The expected verdicts in short, for people.
    pub shown: Vec<String>,
    /// The verdict as a whole says it all: the tests behind the first failing one need not be run.
    pub decided_by_first_failure: bool,
}

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    /// The verdict on the submission is one of these.
    Verdict(Vec<Verdict>),
    /// What a folder of the legacy format stands for. Its tools compare the verdict on the submission, which is one of
    /// `required`. What the format says of single tests is worth a warning where that holds.
    LegacyFolder {
        /// Verdicts of the tests.
        permitted: Vec<Verdict>,
        /// Verdicts of which at least one test has one.
        required: Vec<Verdict>,
    },
    /// Every test that matches has one of these verdicts.
    Permitted {
        /// Glob on test names and groups; `None` is every test.
        tests: Option<String>,
        /// The verdicts.
        verdicts: Vec<Verdict>,
    },
    /// At least one test that matches has one of these verdicts.
    Required {
        /// Glob on test names and groups; `None` is every test.
        tests: Option<String>,
        /// The verdicts.
        verdicts: Vec<Verdict>,
    },
    /// The score of every group that is meant (`None`: of the submission) lies between these, both included.
    Score {
        /// Glob on the names of groups.
        group: Option<String>,
        /// The lowest score.
        least: f64,
        /// The highest score.
        most: f64,
    },
    /// The score is not the best possible one.
    NotTheBestScore {
        /// The best possible one.
        best: f64,
    },
    /// A message to the judges about a test that matches holds this text.
    Message {
        /// Glob on test names and groups; `None` is every test.
        tests: Option<String>,
        /// The text.
        text: String,
    },
}

/// A run-time error in the words of the formats: everything that is neither an answer nor slow.
pub(in crate::problem) const CRASH: [Verdict; 4] = [Verdict::Rte, Verdict::Mle, Verdict::Ole, Verdict::Sv];

/// The verdicts that a folder below `submissions/` stands for, for a table; `None` for a folder that says nothing.
pub fn expected_of_folder(folder: &str) -> Option<Vec<Verdict>> {
    Some(match folder {
        "accepted" | "partially_accepted" => vec![Verdict::Ac],
        "wrong_answer" | "no_output" => vec![Verdict::Wa],
        "time_limit_exceeded" | "timelimit" => vec![Verdict::Tle],
        "memory_limit_exceeded" | "memory_limit" => vec![Verdict::Mle],
        "output_limit_exceeded" | "output_limit" => vec![Verdict::Ole],
        "run_time_error" => CRASH.to_vec(),
        "compiler_error" | "compile_error" => vec![Verdict::Ce],
        "security_violation" => vec![Verdict::Sv],
        _ => return None,
    })
}

impl Expectation {
    /// The verdict on the submission is one of these, and nothing else is said.
    pub(in crate::problem) fn verdict(verdicts: Vec<Verdict>) -> Self {
        Self {
            shown: codes(&verdicts),
            requirements: vec![Requirement::Verdict(verdicts)],
            decided_by_first_failure: true,
        }
    }

    /// Adds what must occur to what is shown, in front.
    pub(in crate::problem) fn show_first(&mut self, verdicts: &[Verdict]) {
        let codes = codes(verdicts);
        self.shown.retain(|code| !codes.contains(code));
        self.shown.splice(0..0, codes);
    }

    /// What a folder of the legacy format stands for.
    pub(in crate::problem) fn of_legacy_folder(permitted: Vec<Verdict>, required: Vec<Verdict>) -> Self {
        Self {
            shown: codes(&required),
            decided_by_first_failure: permitted == [Verdict::Ac],
            requirements: vec![Requirement::LegacyFolder { permitted, required }],
        }
    }

    /// What tests may and must be, as in `submissions.yaml`.
    pub(in crate::problem) fn of_tests(permitted: &[Verdict], required: &[Verdict]) -> Self {
        let tests = None;
        Self {
            shown: codes(required),
            requirements: vec![
                Requirement::Permitted {
                    tests: tests.clone(),
                    verdicts: permitted.to_vec(),
                },
                Requirement::Required {
                    tests,
                    verdicts: required.to_vec(),
                },
            ],
            decided_by_first_failure: permitted == [Verdict::Ac],
        }
    }
}

/// The classes of `permitted` and `required` (AC, WA, TLE, RTE) as verdicts.
pub(in crate::problem) fn class(word: &str) -> Option<Vec<Verdict>> {
    Some(match word {
        "AC" => vec![Verdict::Ac],
        "WA" => vec![Verdict::Wa],
        "TLE" => vec![Verdict::Tle],
        "RTE" => CRASH.to_vec(),
        _ => return None,
    })
}

fn codes(verdicts: &[Verdict]) -> Vec<String> {
    let crash = CRASH.iter().all(|verdict| verdicts.contains(verdict));
    verdicts
        .iter()
        .filter(|verdict| !crash || **verdict == Verdict::Rte || !CRASH.contains(verdict))
        .map(ToString::to_string)
        .collect()
}
