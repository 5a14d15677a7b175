//! A test that calls a function: what its box says of the call is compared here, where the submission cannot reach.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::checker::{AnswerError, StandardFlags};
use crate::contract::{CallReport, Excerpt, Expectation, InlineTest, Raised, read_call_report};
use crate::judge::JudgeError;
use crate::judge::plan::calls::{PlannedCall, REPORT_FILE};
use crate::judge::plan::test_data::open_input;
use crate::judge::plan::{Plan, PlannedTest, Validation};
use crate::judge::run::TestBoxes;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::default_validator::check_output;
use crate::judge::run::outcome::TestOutcome;
use crate::judge::run::request::{request, write_files};
use crate::judge::run::stdin::stdin_for;
use crate::judge::text::escaped;
use crate::judge::validation::feedback::Feedback;
use crate::judge::verdict::excerpt::excerpt;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{RunFacts, RunStreams};
use crate::value::{Value, shown, written};

/// A report, in bytes of JSON, at most, where no more is expected.
const REPORT_BYTES: usize = 1 << 20;

/// How many times as long as what is expected a report may be: `0.1` may come back as `0.10000000000000001`.
const TIMES_EXPECTED: usize = 4;

/// A report that is compared at once with what is expected, in bytes of each.
const SMALL: usize = 1 << 10;

/// What a message quotes of a value or of an exception, in bytes.
const QUOTED: usize = 200;

/// Runs the call, and says what came of it.
pub(super) async fn run(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
    call: &Arc<PlannedCall>,
) -> Result<TestOutcome, AttemptError> {
    let keep = plan.excerpt_bytes(boxes.boxes.options());
    let called = make_call(boxes, plan, test, keep, most_of_report(call) as u64).await?;
    let (mut outcome, output) = compared((test, call), called, keep).await?;
    if let Some(output) = output {
        let validating = validated(boxes, plan, test, output);
        (outcome.validator_result, outcome.feedback) = validating.await?;
    }
    Ok(outcome)
}

/// What came of a call, which is not left to a validator.
pub(super) async fn decided(test: &PlannedTest, called: Called, keep: usize) -> Result<TestOutcome, JudgeError> {
    let Some(call) = &test.call else {
        return Err(JudgeError::Internal("a test that calls nothing was called".into()));
    };
    let (outcome, _output) = compared((test, call), called, keep).await?;
    Ok(outcome)
}

/// What came of a call, and the value where a validator is to decide about it.
async fn compared(
    (test, call): (&PlannedTest, &Arc<PlannedCall>),
    called: Called,
    keep: usize,
) -> Result<(TestOutcome, Option<Bytes>), JudgeError> {
    let Called {
        facts,
        stdout,
        report,
        is_cut,
    } = called;
    // Values can be large, and comparing them takes time. Another thread for a small one takes more.
    let report_bytes = report.as_ref().map_or(0, Vec::len);
    let decided = if report_bytes.max(call.answer.len()) <= SMALL {
        decide(report, is_cut, call, keep)
    } else {
        let call = Arc::clone(call);
        let deciding = spawn_blocking(move || decide(report, is_cut, &call, keep));
        deciding.await.map_err(JudgeError::Task)?
    };
    let Decided {
        result,
        message,
        value,
        output,
    } = decided;
    let outcome = TestOutcome {
        facts,
        stdout,
        first: FirstToExit::Submission,
        validator_result: result,
        feedback: Feedback::about(test.sample, message),
        transcript: None,
        captured: None,
        value,
    };
    Ok((outcome, output))
}

/// What a box says of a call.
pub(super) struct Called {
    pub(super) facts: RunFacts,
    pub(super) stdout: Excerpt,
    pub(super) report: Option<Vec<u8>>,
    /// The report is longer than what was taken of it.
    pub(super) is_cut: bool,
}

/// Runs the call; at most `keep` bytes of its output are kept, and `most` bytes of its report are taken.
pub(super) async fn make_call(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
    keep: usize,
    most: u64,
) -> Result<Called, AttemptError> {
    let unreadable = |error| AttemptError::unreadable(plan, &test.name, error);
    let is_other_held = boxes.validator_is_held();
    let boxes = &mut boxes.boxes;
    let options = boxes.options();
    let mut input = open_input(&test.input).await.map_err(unreadable)?;
    let stdin = stdin_for(boxes, &mut input).await;
    let session = boxes.ready_beside(is_other_held).await?;
    write_files(session, plan, test).await?;
    let request = request(plan, test, options, session.forks(), stdin);
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let printing = check_output(receiver, None, StandardFlags::default(), keep);
    let running = session.run_and_fetch(&request, streams, (REPORT_FILE, most));
    let (ended, printed) = tokio::join!(running, printing);
    let (facts, report) = ended.map_err(AttemptError::Box)?;
    let printed = printed.map_err(JudgeError::Task)?;
    let (stdout, _unchecked) = printed.map_err(|AnswerError(error)| unreadable(error))?;
    Ok(Called {
        stdout: Excerpt {
            bytes: facts.stdout_bytes,
            ..stdout
        },
        facts,
        report: report.content,
        is_cut: report.truncated,
    })
}

/// How long the report of a call may be, in bytes of JSON. What is expected is held in memory, so a multiple of it can be.
pub(super) fn most_of_report(call: &PlannedCall) -> usize {
    let expected: usize = expected_json(call).map(str::len).sum();
    REPORT_BYTES.max(TIMES_EXPECTED * expected)
}

/// What a right report holds, as JSON: all arguments are told where it matters what has become of them.
fn expected_json(call: &PlannedCall) -> impl Iterator<Item = &str> {
    let InlineTest {
        args,
        expect,
        expect_args,
        ..
    } = &call.test.message;
    let then = expect_args.iter().flat_map(move |then| then.iter().chain(args));
    expect.iter().chain(then).map(|data| data.json())
}

/// Whether a long report would take far more memory than what is expected does: many values are written in few bytes.
fn is_of_too_many_values(report: &[u8], call: &PlannedCall) -> bool {
    let beginnings = |json: &[u8]| json.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    let expected = || {
        expected_json(call)
            .map(|json| beginnings(json.as_bytes()))
            .sum::<usize>()
    };
    report.len() > REPORT_BYTES && beginnings(report) > REPORT_BYTES / 2 + TIMES_EXPECTED * expected()
}

/// Asks the output validator of the package about a value.
async fn validated(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
    output: Bytes,
) -> Result<(ValidatorResult, Feedback), AttemptError> {
    let (Validation::Custom(validation), Some(validator)) = (&plan.validation, &mut boxes.validator) else {
        let reason = "a value is left to an output validator where there is none";
        return Err(JudgeError::Internal(reason.into()).into());
    };
    let beside = (boxes.boxes.options(), boxes.boxes.is_held());
    let mut validator_run = validator.ready(validation, (plan, test), beside).await?;
    validator_run.decide(output).await
}

struct Decided {
    result: ValidatorResult,
    message: Option<String>,
    value: Option<Excerpt>,
    /// The value as data, where a validator is to decide.
    output: Option<Bytes>,
}

impl Decided {
    fn accepted(value: Option<Excerpt>) -> Self {
        Self {
            result: ValidatorResult::Accepted,
            message: None,
            value,
            output: None,
        }
    }

    fn rejected(message: String, value: Option<Excerpt>) -> Self {
        Self {
            result: ValidatorResult::Rejected,
            message: Some(message),
            ..Self::accepted(value)
        }
    }
}

fn whole(text: &str) -> Excerpt {
    excerpt(text.as_bytes(), text.len() as u64)
}

/// What a report means, which anything in the box may have written: a claim that the call came to this.
fn decide(report: Option<impl AsRef<[u8]>>, truncated: bool, call: &PlannedCall, keep: usize) -> Decided {
    let Some(report) = report else {
        let message = "no value came back: the program ended before the call did";
        return Decided::rejected(message.to_owned(), None);
    };
    if truncated {
        let most = most_of_report(call);
        return Decided::rejected(format!("the value takes more than {most} bytes of JSON"), None);
    }
    if is_of_too_many_values(report.as_ref(), call) {
        return Decided::rejected("the value holds far more values than are expected".to_owned(), None);
    }
    match read_call_report(report.as_ref()) {
        Err(error) => Decided::rejected(
            escaped(&format!("what came back is no value: it {error}"), QUOTED),
            None,
        ),
        Ok(CallReport::NoData(reason)) => Decided::rejected(escaped(&reason, QUOTED), None),
        Ok(CallReport::Raised(raised)) => of_exception(&raised, &call.test.expected),
        Ok(CallReport::Returned { value, args }) => of_value(&value, args.as_deref(), call, keep),
    }
}

fn of_exception(raised: &Raised, expected: &Expectation) -> Decided {
    let class = raised.classes.first().map_or("an exception", String::as_str);
    let exception = escaped(&format!("{class}: {}", raised.message), QUOTED);
    let value = Some(whole(&format!("raised {exception}")));
    match expected {
        Expectation::Raises(name) if raised.classes.contains(name) => Decided {
            result: ValidatorResult::AcceptedException,
            ..Decided::accepted(value)
        },
        Expectation::Raises(name) => Decided::rejected(format!("raised {exception}, expected {name}"), value),
        Expectation::Returns { .. } => Decided::rejected(format!("raised {exception}"), value),
    }
}

fn of_value(value: &Value, args: Option<&[Value]>, call: &PlannedCall, keep: usize) -> Decided {
    let quoted = |value: &Value| escaped(&shown(value, QUOTED), QUOTED);
    let returned = quoted(value);
    let shown = Some(whole(&shown(value, keep)));
    let Some(comparison) = call.test.comparison else {
        return Decided {
            output: Some(written(value).into()),
            ..Decided::accepted(shown)
        };
    };
    let (expected, expected_args) = match &call.test.expected {
        Expectation::Raises(name) => {
            return Decided::rejected(format!("returned {returned}, expected {name} to be raised"), shown);
        }
        Expectation::Returns { value, args } => (value, args),
    };
    if let Some(expected) = expected
        && !comparison.accepts(expected, value)
    {
        return Decided::rejected(format!("returned {returned}, expected {}", quoted(expected)), shown);
    }
    let found = args.unwrap_or_default();
    for (index, expected) in expected_args.iter().flatten().enumerate() {
        let is_as_expected = |value: &Value| comparison.accepts(expected, value);
        if !found.get(index).is_some_and(is_as_expected) {
            let is = found.get(index).map_or_else(|| "missing".to_owned(), quoted);
            let message = format!("argument {} is then {is}, expected {}", index + 1, quoted(expected));
            return Decided::rejected(message, shown);
        }
    }
    Decided::accepted(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{CallTest, document};
    use crate::value::Comparison;

    fn call(expect: &serde_json::Value, args: &[serde_json::Value], is_changed: bool) -> PlannedCall {
        let mut message = json!({ "call": "f", "args": args, "expect": expect });
        if is_changed {
            message["expect_args"] = json!([0]);
        }
        let test = CallTest {
            name: "1".to_owned(),
            message: document(message.to_string().as_bytes()).unwrap(),
            expected: Expectation::Returns {
                value: Some(crate::value::read(&expect.to_string()).unwrap()),
                args: None,
            },
            comparison: Some(Comparison::default()),
            method_first: false,
        };
        PlannedCall {
            test,
            call: "f()".to_owned(),
            answer: String::new(),
        }
    }

    #[test]
    fn a_report_may_be_as_long_as_what_is_expected_wants() {
        let long = json!("x".repeat(REPORT_BYTES));
        assert_eq!(
            most_of_report(&call(&json!(1), std::slice::from_ref(&long), false)),
            REPORT_BYTES
        );
        let of_value = most_of_report(&call(&long, &[], false));
        assert_eq!(of_value, TIMES_EXPECTED * (REPORT_BYTES + 2));
        let with_args = most_of_report(&call(&json!(1), &[long], true));
        assert!(with_args > of_value, "{with_args}");
    }

    #[test]
    fn a_long_report_holds_about_as_many_values_as_are_expected() {
        let (text, numbers) = (json!("x".repeat(REPORT_BYTES)), json!(vec![1; REPORT_BYTES / 2]));
        let report = |value: &str| format!("{{\"value\":{value}}}").into_bytes();
        let many = report(&json!(vec![0; REPORT_BYTES]).to_string());
        let long = report(&text.to_string());
        for (expected, found, is_too_many) in [(&text, &many, true), (&numbers, &many, false), (&text, &long, false)] {
            assert_eq!(is_of_too_many_values(found, &call(expected, &[], false)), is_too_many);
        }
    }
}
