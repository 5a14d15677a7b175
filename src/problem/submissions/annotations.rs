//! Expectations that stand in a source: DOMjudge's `@EXPECTED_RESULTS@: A, B` and Kattis' `@EXPECTED_SCORE@: N`.

use std::path::Path;

use crate::contract::Verdict;
use crate::problem::files::{files_below, start_of};
use crate::problem::submissions::expectation::CRASH;
use crate::problem::{Expectation, PackageError, Requirement, Warning};

const RESULTS: &str = "@EXPECTED_RESULTS@:";

/// How much of a source is searched, in bytes.
const SEARCHED: u64 = 64 << 10;

/// What the sources of a submission say; `None` when they say nothing.
pub(in crate::problem) fn of_sources(
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<Option<Expectation>, PackageError> {
    let mut found: Option<Expectation> = None;
    for source in files_below(path)? {
        let text = start_of(&source, SEARCHED)?.unwrap_or_default();
        let mut tagged = tags(&text, RESULTS);
        if let Some((line, words)) = tagged.next() {
            let (verdicts, unknown) = verdicts_of(words);
            warnings.extend(tagged.next().map(|(second, _)| {
                let message = format!("has @EXPECTED_RESULTS@ again, and the one on line {line} holds");
                Warning::at(&source, Some(second), message)
            }));
            if let Some(word) = unknown {
                let message = format!("@EXPECTED_RESULTS@ names {word:?}, which is no result");
                warnings.push(Warning::at(&source, Some(line), message));
            }
            if !verdicts.is_empty() {
                found = Some(Expectation::verdict(verdicts));
            }
        }
        if let Some(score) = tags(&text, "@EXPECTED_SCORE@:")
            .next()
            .and_then(|(_, words)| end_of_comment(words).parse().ok())
        {
            found.get_or_insert_with(Expectation::default).require_score(score);
        }
    }
    Ok(found)
}

/// What stands behind a tag, on each line that has it.
fn tags<'a>(text: &'a str, name: &'static str) -> impl Iterator<Item = (u64, &'a str)> {
    let numbered = text.lines().enumerate();
    numbered.filter_map(move |(index, line)| Some((index as u64 + 1, line.split_once(name)?.1)))
}

/// Without what closes a comment or a text.
fn end_of_comment(words: &str) -> &str {
    let words = words.trim_end_matches(['*', '/', '-', '>', '"', '\'', ' ', '\t', '\r']);
    words.trim_start_matches([' ', '\t', '"', '\''])
}

/// The verdicts, and the first word that is none.
fn verdicts_of(words: &str) -> (Vec<Verdict>, Option<String>) {
    let mut verdicts = Vec::new();
    let mut unknown = None;
    for word in end_of_comment(words).split(',').map(str::trim) {
        match verdicts_of_word(&word.to_ascii_uppercase().replace('_', "-")) {
            Some(found) => verdicts.extend(found),
            None => unknown = unknown.or_else(|| Some(word.to_owned())),
        }
    }
    (verdicts, unknown)
}

fn verdicts_of_word(word: &str) -> Option<Vec<Verdict>> {
    Some(match word {
        "CORRECT" | "ACCEPTED" => vec![Verdict::Ac],
        "WRONG-ANSWER" | "NO-OUTPUT" | "PRESENTATION-ERROR" => vec![Verdict::Wa],
        "TIMELIMIT" | "TIME-LIMIT" | "TIME-LIMIT-EXCEEDED" => vec![Verdict::Tle],
        "RUN-ERROR" | "RUN-TIME-ERROR" | "RUNTIME-ERROR" => CRASH.to_vec(),
        "MEMORY-LIMIT" | "MEMORY-LIMIT-EXCEEDED" => vec![Verdict::Mle],
        "OUTPUT-LIMIT" | "OUTPUT-LIMIT-EXCEEDED" => vec![Verdict::Ole],
        "COMPILER-ERROR" | "COMPILE-ERROR" => vec![Verdict::Ce],
        // A person decides.
        "CHECK-MANUALLY" => Vec::new(),
        _ => return None,
    })
}

impl Expectation {
    fn require_score(&mut self, score: f64) {
        self.requirements.push(Requirement::Score {
            group: None,
            least: score,
            most: score,
        });
        self.shown.push(format!("score {score}"));
        self.decided_by_first_failure = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{RESULTS, tags, verdicts_of};
    use crate::contract::Verdict;
    use crate::problem::submissions::expectation::CRASH;

    #[test]
    fn a_tag_is_read_up_to_the_end_of_its_comment() {
        let rows = [
            ("# @EXPECTED_RESULTS@: CORRECT\n", vec![Verdict::Ac], None),
            (
                "/* @EXPECTED_RESULTS@: timelimit , WRONG_ANSWER */\r\n",
                vec![Verdict::Tle, Verdict::Wa],
                None,
            ),
            ("<!-- @EXPECTED_RESULTS@: MEMORY-LIMIT -->", vec![Verdict::Mle], None),
            ("\"\"\" @EXPECTED_RESULTS@:RUN-ERROR\"\"\"", CRASH.to_vec(), None),
            ("s = '@EXPECTED_RESULTS@: \"CORRECT\"'", vec![Verdict::Ac], None),
            (
                "x\n// @EXPECTED_RESULTS@: CORRECT, FAST",
                vec![Verdict::Ac],
                Some("FAST"),
            ),
        ];
        for (text, verdicts, unknown) in rows {
            let (_, words) = tags(text, RESULTS).next().unwrap();
            assert_eq!(verdicts_of(words), (verdicts, unknown.map(str::to_owned)), "{text:?}");
        }
    }
}
