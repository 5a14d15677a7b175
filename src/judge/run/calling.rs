//! A test that calls a function: what its box says of the call is compared here, where the submission cannot reach.

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::checker::{AnswerError, StandardFlags};
use crate::contract::{CallReport, Excerpt, Expectation, Raised, read_call_report};
use crate::judge::JudgeError;
use crate::judge::plan::calls::{PlannedCall, REPORT_FILE};
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::default_validator::check_output;
use crate::judge::run::outcome::TestOutcome;
use crate::judge::text::escaped;
use crate::judge::validation::Feedback;
use crate::judge::verdict::excerpt::excerpt;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{Input, RunRequest, RunStreams, Session};
use crate::value::{Value, shown};

/// A report, in bytes of JSON, at most.
const REPORT_BYTES: u64 = 1 << 20;

/// What a message quotes of a value or of an exception, in bytes.
const QUOTED: usize = 200;

/// Runs the call in `session`; at most `keep` bytes of its output and of its value are kept.
pub(super) async fn run(
    session: &mut Session,
    (request, input): (&RunRequest, Input),
    (plan, test): (&Plan, &PlannedTest),
    call: &PlannedCall,
    keep: usize,
) -> Result<TestOutcome, AttemptError> {
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let printing = check_output(receiver, None, StandardFlags::default(), keep);
    let (facts, printed) = tokio::join!(session.run(request, streams), printing);
    let facts = facts.map_err(AttemptError::Box)?;
    let printed = printed.map_err(JudgeError::Task)?;
    let unreadable = |AnswerError(error)| AttemptError::unreadable(plan, &test.name, error);
    let (stdout, _unchecked) = printed.map_err(unreadable)?;
    let fetched = session
        .fetch(REPORT_FILE, REPORT_BYTES)
        .await
        .map_err(AttemptError::Box)?;
    let call = call.clone();
    // Values can be large, and comparing them takes time.
    let decided = spawn_blocking(move || decide(fetched.content, fetched.truncated, &call, keep)).await;
    let Decided { result, message, value } = decided.map_err(JudgeError::Task)?;
    Ok(TestOutcome {
        stdout: Excerpt {
            bytes: facts.stdout_bytes,
            ..stdout
        },
        facts,
        first: FirstToExit::Submission,
        validator_result: result,
        feedback: Feedback {
            team_message: message,
            ..Feedback::default()
        },
        transcript: None,
        captured: None,
        value,
    })
}

struct Decided {
    result: ValidatorResult,
    message: Option<String>,
    value: Option<Excerpt>,
}

impl Decided {
    fn rejected(message: String, value: Option<Excerpt>) -> Self {
        Self {
            result: ValidatorResult::Rejected,
            message: Some(message),
            value,
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
        return Decided::rejected(format!("the value takes more than {REPORT_BYTES} bytes of JSON"), None);
    }
    match read_call_report(report.as_ref()) {
        Err(error) => Decided::rejected(
            escaped(&format!("what came back is no value: it {error}"), QUOTED),
            None,
        ),
        Ok(CallReport::NoData(reason)) => Decided::rejected(escaped(&reason, QUOTED), None),
        Ok(CallReport::Raised(raised)) => of_exception(&raised, &call.expected),
        Ok(CallReport::Returned { value, args }) => of_value(&value, args.as_deref(), call, keep),
    }
}

fn of_exception(raised: &Raised, expected: &Expectation) -> Decided {
    let class = raised.classes.first().map_or("an exception", String::as_str);
    let said = escaped(&format!("{class}: {}", raised.message), QUOTED);
    let value = Some(whole(&format!("raised {said}")));
    match expected {
        Expectation::Raises(name) if raised.classes.contains(name) => Decided {
            result: ValidatorResult::AcceptedException,
            message: None,
            value,
        },
        Expectation::Raises(name) => Decided::rejected(format!("raised {said}, expected {name}"), value),
        Expectation::Returns { .. } => Decided::rejected(format!("raised {said}"), value),
    }
}

fn of_value(value: &Value, args: Option<&[Value]>, call: &PlannedCall, keep: usize) -> Decided {
    let quoted = |value: &Value| escaped(&shown(value, QUOTED), QUOTED);
    let returned = quoted(value);
    let shown = Some(whole(&shown(value, keep)));
    let (expected, expected_args) = match &call.expected {
        Expectation::Raises(name) => {
            return Decided::rejected(format!("returned {returned}, expected {name} to be raised"), shown);
        }
        Expectation::Returns { value, args } => (value, args),
    };
    if let Some(expected) = expected
        && !call.comparison.accepts(expected, value)
    {
        return Decided::rejected(format!("returned {returned}, expected {}", quoted(expected)), shown);
    }
    let found = args.unwrap_or_default();
    for (index, expected) in expected_args.iter().flatten().enumerate() {
        let is_as_expected = |value: &Value| call.comparison.accepts(expected, value);
        if !found.get(index).is_some_and(is_as_expected) {
            let is = found.get(index).map_or_else(|| "missing".to_owned(), quoted);
            let message = format!("argument {} is then {is}, expected {}", index + 1, quoted(expected));
            return Decided::rejected(message, shown);
        }
    }
    Decided {
        result: ValidatorResult::Accepted,
        message: None,
        value: shown,
    }
}
