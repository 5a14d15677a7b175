//! Expectations that stand in a source: DOMjudge's `@EXPECTED_RESULTS@: A, B` and Kattis' `@EXPECTED_SCORE@: N`.

use std::path::{Path, PathBuf};

use crate::contract::Verdict;
use crate::problem::files::{ends_of, files_below, name_of};
use crate::problem::submissions::expectation::CRASH;
use crate::problem::{Expectation, PackageError, Requirement, Warning};

const RESULTS: &str = "@EXPECTED_RESULTS@:";

const SCORE: &str = "@EXPECTED_SCORE@:";

/// How much of a source is searched at its start, and at its end, in bytes.
const SEARCHED: u64 = 64 << 10;

/// What the sources of a submission say; `None` when they say nothing. What the first one says that has a tag holds.
pub(in crate::problem) fn of_sources(
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<Option<Expectation>, PackageError> {
    let mut found: Option<Expectation> = None;
    let mut tagged: Option<PathBuf> = None;
    let mut score = None;
    for source in files_below(path)? {
        let parts = ends_of(&source, SEARCHED)?;
        if let Some(first) = tags(&parts, RESULTS).next() {
            match &tagged {
                None => found = results_of(&source, &parts, first, warnings),
                Some(other) => {
                    let message = format!("has @EXPECTED_RESULTS@, and that of {} holds", name_of(other));
                    warnings.push(Warning::at(&source, first.line, message));
                }
            }
            tagged.get_or_insert(source);
        }
        let number = |tag: Tag<'_>| end_of_comment(tag.words).parse::<f64>().ok();
        score = score.or_else(|| tags(&parts, SCORE).next().and_then(number));
    }
    if let Some(score) = score {
        found.get_or_insert_with(Expectation::default).require_score(score);
    }
    Ok(found)
}

/// What `@EXPECTED_RESULTS@` of a source says.
fn results_of(source: &Path, parts: &Parts, first: Tag<'_>, warnings: &mut Vec<Warning>) -> Option<Expectation> {
    let (verdicts, unknown) = verdicts_of(first.words);
    warnings.extend(tags(parts, RESULTS).nth(1).map(|second| {
        let message = "has @EXPECTED_RESULTS@ again, and the first one holds";
        Warning::at(source, second.line, message)
    }));
    if let Some(word) = unknown {
        let message = format!("@EXPECTED_RESULTS@ names {word:?}, which is no result");
        warnings.push(Warning::at(source, first.line, message));
    }
    (!verdicts.is_empty()).then(|| Expectation::verdict(verdicts))
}

/// The start of a source, and its end where that lies behind it.
type Parts = (String, Option<String>);

/// What stands behind a tag, and on which line, where that is known.
struct Tag<'a> {
    line: Option<u64>,
    words: &'a str,
}

/// What stands behind a tag, on each line that has it.
fn tags<'a>((start, end): &'a Parts, name: &'static str) -> impl Iterator<Item = Tag<'a>> {
    let words = move |line: &'a str| Some(line.split_once(name)?.1);
    let at_start = start.lines().zip(1..).filter_map(move |(line, number)| {
        let line_of = Some(number);
        words(line).map(|words| Tag { line: line_of, words })
    });
    let at_end = end.iter().flat_map(|text| text.lines()).filter_map(words);
    at_start.chain(at_end.map(|words| Tag { line: None, words }))
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
            let parts = (text.to_owned(), None);
            let tag = tags(&parts, RESULTS).next().unwrap();
            assert_eq!(
                verdicts_of(tag.words),
                (verdicts, unknown.map(str::to_owned)),
                "{text:?}"
            );
        }
    }
}
