//! One test: the program runs, and its output is checked while it comes.

pub(super) mod attempt;
mod calling;
pub(super) mod calls_together;
mod capturing;
pub(super) mod compile;
mod default_validator;
mod grader;
mod outcome;
mod passes;
pub(super) mod program;
pub(super) mod request;
pub(super) mod stdin;
mod test_boxes;
pub(super) mod tests;

use tokio::sync::RwLock;

use crate::judge::JudgeError;
use crate::judge::plan::test_data::open_input;
use crate::judge::plan::{Plan, PlannedTest, Validation};
use attempt::AttemptError;
pub(super) use grader::Grader;
pub(super) use outcome::{TestOutcome, TestRun};
use request::{request, write_files};
use stdin::stdin_for;
use test_boxes::Recovery;
pub(super) use test_boxes::{TestBoxes, ValidatorBoxes};

/// Runs one test. A program that ends a little beyond its time limit is run once more, while `others` keeps the other
/// tests of the submission from running, and that run counts.
pub(super) async fn run_test(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
    others: &RwLock<()>,
) -> Result<TestRun, JudgeError> {
    let run = {
        let _beside_others = others.read().await;
        run_until_judged(boxes, plan, test).await?
    };
    if !run.is_near_limit() || boxes.boxes.options().judge.near_limit <= 0.0 {
        return Ok(run);
    }
    let _alone = others.write().await;
    tracing::info!(
        submission.id = %plan.id,
        test = test.name,
        cpu_ms = run.facts.cpu.us / 1000,
        wall_ms = run.facts.wall_us / 1000,
        "a test ended near its time limit and is run once more, alone"
    );
    let again = run_until_judged(boxes, plan, test).await?;
    Ok(TestRun {
        boxes_lost: run.boxes_lost + again.boxes_lost,
        ..again
    })
}

/// Runs one test, in other boxes where some are lost.
async fn run_until_judged(boxes: &mut TestBoxes<'_>, plan: &Plan, test: &PlannedTest) -> Result<TestRun, JudgeError> {
    let mut boxes_lost = 0;
    loop {
        // What a thread's stack holds of it would be large, with all that a test of any kind may need.
        let outcome = match Box::pin(attempt(boxes, plan, test)).await {
            Ok(outcome) => {
                boxes.after_run(&outcome.facts);
                outcome
            }
            Err(error) => match boxes.recover(error, plan, test).await? {
                Recovery::Outcome(outcome) => *outcome,
                Recovery::RunAgain { broke } => {
                    boxes_lost += u32::from(broke);
                    continue;
                }
            },
        };
        let run = outcome.judged(plan, test)?;
        return Ok(TestRun { boxes_lost, ..run });
    }
}

async fn attempt(boxes: &mut TestBoxes<'_>, plan: &Plan, test: &PlannedTest) -> Result<TestOutcome, AttemptError> {
    if let Some(call) = &test.call {
        return calling::run(boxes, plan, test, call).await;
    }
    if let (Validation::Custom(validation), Some(validator)) = (&plan.validation, &mut boxes.validator) {
        return passes::run(&mut boxes.boxes, validator, validation, plan, test).await;
    }
    let options = boxes.boxes.options();
    let unreadable = |error| AttemptError::unreadable(plan, &test.name, error);
    let mut input = open_input(&test.input).await.map_err(unreadable)?;
    let stdin = stdin_for(&mut boxes.boxes, &mut input).await;
    let session = boxes.boxes.ready().await?;
    write_files(session, plan, test).await?;
    let request = request(plan, test, options, session.forks(), stdin);
    if let Some(capture) = &plan.capture {
        return capturing::run(session, (&request, input), capture).await;
    }
    default_validator::run(session, (&request, input), plan, test, plan.excerpt_bytes(options)).await
}
