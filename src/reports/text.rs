//! What reports write of a verdict and of its tests, and what a test is worth.

use std::fmt::Write as _;

use crate::contract::{Excerpt, Judgement, TestVerdict, Verdict, without_controls};

/// Whether there is no mark: no student may be marked down for a failure of ours.
pub(super) fn has_no_mark(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::Je | Verdict::Cancelled)
}

/// The points of a problem that gives points. A submission that has none, though it has groups, was rejected where less is
/// better: its tests are worth nothing by themselves.
pub(super) fn score_of(judgement: &Judgement) -> Option<f64> {
    let is_scoring = !judgement.groups.is_empty();
    judgement.score.or(is_scoring.then_some(0.0))
}

/// Whether a test counts neither for nor against the submission, since the tests themselves have skipped it.
pub(super) fn is_excused(test: &TestVerdict) -> bool {
    test.verdict == Verdict::Sk && test.skip_reason.is_some()
}

/// Whether there is nothing to give a mark for: the tests themselves have skipped all of them.
pub(super) fn is_all_excused(judgement: &Judgement) -> bool {
    score_of(judgement).is_none() && !judgement.tests.is_empty() && judgement.tests.iter().all(is_excused)
}

/// What a test is worth at most.
pub(super) fn max_points(test: &TestVerdict) -> u32 {
    u32::from(!is_excused(test))
}

/// One point for a test that is passed.
pub(super) fn points(test: &TestVerdict) -> u32 {
    u32::from(test.verdict == Verdict::Ac)
}

/// Such as `wrong answer: expected 3, got 4`.
pub(super) fn headline(test: &TestVerdict) -> String {
    let message = test.checker_message.as_deref().or(test.message.as_deref());
    let message = message.or(test.skip_reason.as_deref());
    match message.map(str::trim).filter(|message| !message.is_empty()) {
        Some(message) => clean(&format!("{}: {message}", test.verdict.describe())),
        None => test.verdict.describe().to_owned(),
    }
}

/// The headline, and the input and the outputs of the test, as far as the verdict shows them.
pub(super) fn details(test: &TestVerdict) -> String {
    let mut text = headline(test);
    let parts = [
        ("input", test.input.as_ref()),
        ("expected", test.answer.as_ref()),
        ("returned", test.value.as_ref()),
        ("standard output", Some(&test.stdout)),
        ("standard error", Some(&test.stderr)),
    ];
    for (name, excerpt) in parts {
        let Some(excerpt) = excerpt.filter(|excerpt| !excerpt.text.trim().is_empty()) else {
            continue;
        };
        // Writing to a text cannot fail.
        let _written = write!(text, "\n\n{name}\n{}", shown(excerpt));
    }
    text
}

/// The text of an excerpt, with a mark where more follows.
pub(super) fn shown(excerpt: &Excerpt) -> String {
    let text = clean(excerpt.text.trim_end());
    match excerpt.truncated {
        true => format!("{text}\n…"),
        false => text,
    }
}

/// Neither XML nor a page can hold control characters.
pub(super) fn clean(text: &str) -> String {
    without_controls(text.to_owned()).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// The message of the verdict as a whole.
pub(super) fn whole(judgement: &Judgement) -> String {
    match &judgement.message {
        Some(message) => clean(&format!("{}: {}", judgement.verdict.describe(), message.trim())),
        None => judgement.verdict.describe().to_owned(),
    }
}
