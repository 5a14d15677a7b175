//! A test with an output validator of the package: one pass, or several in a multi-pass problem.
//!
//! Format 2025-09, section "Multi-pass validation": what the validator writes to `nextpass.in` is the input of the next
//! pass, for the submission and for the validator. Each pass of the submission has a fresh box, since the counters of a
//! box (inodes, process ids) would carry information from pass to pass. The validator keeps its feedback directory.

use crate::contract::Verdict;
use crate::judge::boxes::Boxes;
use crate::judge::plan::test_data::open_input;
use crate::judge::plan::{CustomValidation, Plan, PlannedTest};
use crate::judge::run::attempt::AttemptError;
use crate::judge::run::outcome::TestOutcome;
use crate::judge::run::request::{request, write_files};
use crate::judge::run::stdin::{ProgramInput, stdin_for};
use crate::judge::run::test_boxes::ValidatorBoxes;
use crate::judge::validation::ValidatorRun;
use crate::judge::validation::fault::FaultReason;
use crate::judge::verdict::{Decision, ValidatorResult};
use crate::sandbox::Input;

/// Runs all passes of a test; the outcome is that of the last one.
pub(super) async fn run(
    boxes: &mut Boxes<'_>,
    validator: &mut ValidatorBoxes<'_>,
    validation: &CustomValidation,
    plan: &Plan,
    test: &PlannedTest,
) -> Result<TestOutcome, AttemptError> {
    let options = boxes.options();
    let beside = (options, boxes.is_held());
    let mut validator_run = validator.ready(validation, (plan, test), beside).await?;
    let unreadable = |error| AttemptError::unreadable(plan, &test.name, error);
    let mut input = open_input(&test.input).await.map_err(unreadable)?;
    let mut pass = 1;
    let mut before = None;
    loop {
        let stdin = match validation.interactive {
            true => ProgramInput::pipe(boxes),
            false => stdin_for(boxes, &mut input).await,
        };
        let session = boxes.ready_beside(true).await?;
        write_files(session, plan, test).await?;
        let request = request(plan, test, options, session.forks(), stdin);
        let mut outcome = match validation.interactive {
            true => validator_run.converse(boxes, request).await?,
            false => validator_run.run(session, &request, input).await?,
        };
        if let Some(facts) = &before {
            outcome = outcome.at_least(facts);
        }
        let Some(next) = next_input(&mut validator_run, &outcome, pass).await? else {
            return Ok(outcome);
        };
        before = Some(outcome.facts);
        boxes.retire();
        input = next;
        pass += 1;
    }
}

/// The input of the next pass, if there is one.
async fn next_input(
    validator: &mut ValidatorRun<'_, '_>,
    outcome: &TestOutcome,
    pass: u32,
) -> Result<Option<Input>, AttemptError> {
    let passes = validator.validation.passes;
    if passes <= 1 || !validator.asks_for_next_pass().await? {
        return Ok(None);
    }
    if outcome.validator_result == ValidatorResult::Rejected {
        return Err(validator.failed(FaultReason::NextPassAfterRejection));
    }
    let accepted = matches!(
        outcome.decision(validator.plan),
        Decision::Verdict {
            verdict: Verdict::Ac,
            ..
        }
    );
    if !accepted {
        return Ok(None);
    }
    if pass >= passes {
        return Err(validator.failed(FaultReason::Passes(passes)));
    }
    let next = validator.take_next_pass().await?;
    Ok(Some(Input::Bytes(next)))
}
