//! `results.json` of PrairieLearn's external graders, as its documentation has it in `docs/externalGrading.md`, section
//! "Grading results": <https://prairielearn.readthedocs.io/en/latest/externalGrading/>. What is not gradable costs no
//! attempt, and says why in `format_errors`; the file is 1 MB at most.

use serde::Serialize;

use crate::contract::{Judgement, TestVerdict};
use crate::reports::ReportError;
use crate::reports::text::{details, has_no_mark, headline, is_all_excused, max_points, points, score_of, whole};

#[derive(Serialize)]
struct Results {
    /// What is not gradable costs the student nothing.
    gradable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    message: String,
    /// What is shown instead of tests where it is not gradable.
    #[serde(skip_serializing_if = "Option::is_none")]
    format_errors: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    points: u32,
    max_points: u32,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
}

/// The file, in bytes, at most.
const LARGEST: usize = 1_000_000;

/// The headline of a test where all of them together are too large, in characters.
const SHORT: usize = 80;

pub(super) fn write(judgement: &Judgement, max_score: Option<f64>) -> Result<String, ReportError> {
    let gradable = !has_no_mark(judgement) && !is_all_excused(judgement);
    let score = match gradable {
        true => Some(part(judgement, max_score)?),
        false => None,
    };
    let tests = if gradable { judgement.tests.as_slice() } else { &[] };
    let mut results = Results {
        gradable,
        score,
        message: whole(judgement),
        format_errors: (!gradable).then(|| whole(judgement)),
        tests: tests.iter().map(of).collect(),
    };
    let mut text = serde_json::to_string_pretty(&results)?;
    for shorten in [without_outputs, with_short_messages] {
        if text.len() > LARGEST {
            shorten(&mut results);
            text = serde_json::to_string_pretty(&results)?;
        }
    }
    while text.len() > LARGEST {
        results.tests.truncate(results.tests.len() / 2);
        results.message = format!(
            "{} ({} of {} tests are shown)",
            whole(judgement),
            results.tests.len(),
            tests.len()
        );
        text = serde_json::to_string_pretty(&results)?;
    }
    Ok(text)
}

/// The headline of each test is left.
fn without_outputs(results: &mut Results) {
    results.tests.iter_mut().for_each(|test| test.output.clear());
}

fn with_short_messages(results: &mut Results) {
    for test in &mut results.tests {
        if let Some((end, _)) = test.message.char_indices().nth(SHORT) {
            test.message.truncate(end);
            test.message.push('…');
        }
    }
}

/// What part of the best mark was reached, from 0 to 1.
fn part(judgement: &Judgement, max_score: Option<f64>) -> Result<f64, ReportError> {
    let (reached, best) = match (score_of(judgement), max_score) {
        (Some(score), Some(best)) => (score, best),
        (Some(_), None) => return Err(ReportError::NoMaxScore),
        (None, _) => {
            let sum = |points: fn(&TestVerdict) -> u32| f64::from(judgement.tests.iter().map(points).sum::<u32>());
            (sum(points), sum(max_points))
        }
    };
    Ok(if best > 0.0 {
        (reached / best).clamp(0.0, 1.0)
    } else {
        0.0
    })
}

fn of(test: &TestVerdict) -> Test {
    Test {
        name: test.name.clone(),
        points: points(test),
        max_points: max_points(test),
        message: headline(test),
        output: details(test),
    }
}
