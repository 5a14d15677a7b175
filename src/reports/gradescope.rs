//! `results.json` of Gradescope, as its documentation has it in "Autograder Specifications", section "Output format":
//! <https://gradescope-autograders.readthedocs.io/en/latest/specs/>. A score stands either on top or with each test.

use serde::Serialize;
use uuid::Uuid;

use crate::contract::{Judgement, TestVerdict, Verdict};
use crate::reports::ReportError;
use crate::reports::text::{details, has_no_mark, is_all_excused, is_excused, max_points, points, score_of, whole};

#[derive(Serialize)]
struct Results {
    /// The mark, where it is not the sum of the tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    output: String,
    output_format: &'static str,
    execution_time: f64,
    tests: Vec<Test>,
    extra_data: Extra,
}

/// What Gradescope keeps, and has no field for.
#[derive(Serialize)]
struct Extra {
    submission: Uuid,
    verdict: Verdict,
    /// It knows the best mark from the assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_score: Option<f64>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_score: Option<u32>,
    /// Without it, it is passed with all of its points.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
}

pub(super) fn write(judgement: &Judgement, max_score: Option<f64>) -> Result<String, ReportError> {
    if has_no_mark(judgement) {
        return Err(ReportError::NoMark {
            verdict: judgement.verdict,
            reason: judgement
                .message
                .clone()
                .unwrap_or_else(|| "no reason is given".to_owned()),
        });
    }
    if is_all_excused(judgement) {
        return Err(ReportError::AllSkipped);
    }
    let has_points = score_of(judgement).is_none() && !judgement.tests.is_empty();
    #[expect(clippy::cast_precision_loss, reason = "seconds are shown")]
    let seconds = |ms: u64| ms as f64 / 1000.0;
    let results = Results {
        score: score_of(judgement).or((!has_points).then_some(0.0)),
        output: whole(judgement),
        output_format: "text",
        execution_time: seconds(judgement.tests.iter().map(|test| test.wall_ms).sum()),
        tests: judgement.tests.iter().map(|test| of(test, has_points)).collect(),
        extra_data: Extra {
            submission: judgement.id,
            verdict: judgement.verdict,
            max_score,
        },
    };
    Ok(serde_json::to_string_pretty(&results)?)
}

fn of(test: &TestVerdict, has_points: bool) -> Test {
    Test {
        name: test.name.clone(),
        score: has_points.then(|| points(test)),
        max_score: has_points.then(|| max_points(test)),
        status: match test.verdict {
            Verdict::Ac => Some("passed"),
            _ if is_excused(test) => None,
            _ => Some("failed"),
        },
        output: details(test),
        output_format: "text",
        visibility: if test.sample { "visible" } else { "after_published" },
    }
}
