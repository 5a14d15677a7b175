//! What all boxes of a jailer may have together: a box beyond waits for the end of others, and says nothing about the host.

use std::fs;
use std::path::Path;

use assize::contract::{ProblemRef, RequestedLimits, Submission, Target, Verdict};
use assize::judge::JudgeError;
use assize::problem::ProblemStore;
use assize::sandbox::{BoxRole, BoxSpec, LaunchError, LeaseError};
use futures::future::join_all;

use crate::jailer_faults::JailerProcess;
use crate::judging::{JudgeFixture, submission};
use crate::pool::until_warm;
use crate::small_box::small_box;

/// Room for two small boxes, or for a large one.
const ROOM: (&str, &str) = ("ALL_MEMORY_BYTES", "335544320");

fn large_box() -> BoxSpec {
    BoxSpec {
        role: BoxRole::Validator,
        memory_bytes: 256 << 20,
        ..small_box()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_finds_no_room_gets_that_of_warm_ones_and_of_those_that_end() {
    let Some(jailer) = JailerProcess::start_with("room", &[ROOM]).await else {
        return;
    };
    let mut boxes = jailer.boxes();
    let pool = boxes.pool(1, 1);
    pool.expect(&small_box());
    until_warm(&pool, 1).await;
    let slot = pool.slot().await;
    let first = pool.lease(&slot, &large_box()).await.unwrap();
    let large = large_box();
    let (second, ()) = tokio::join!(pool.lease(&slot, &large), first.destroy());
    let mut second = second.unwrap();
    assert!(second.is_alive());

    boxes.settings.sandbox.launch_timeout_ms = 1000;
    let impatient = boxes.pool(1, 0);
    let refused = impatient
        .fresh(&impatient.slot().await, &small_box())
        .await
        .unwrap_err();
    let LeaseError::Launch(error @ LaunchError::NoRoom { .. }) = refused else {
        panic!("{refused}");
    };
    assert!(error.to_string().contains(ROOM.0), "{error}");
    assert!(JudgeError::from(error).has_other_explanations());
    drop(second);
    pool.close().await;
    impatient.close().await;
}

/// Submissions that are judged at once, each of which needs two boxes at once.
const PAIRS: usize = 3;

fn of_problem(id: &str, program: &Path) -> Submission {
    let mut wanted = submission(&fs::read_to_string(program).unwrap(), &[]);
    wanted.files[0].name = program.file_name().unwrap().to_str().unwrap().to_owned();
    wanted.limits = RequestedLimits::default();
    wanted.target = Target::Problem(ProblemRef {
        id: id.to_owned(),
        revision: None,
    });
    wanted
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_that_need_two_boxes_each_are_judged_where_there_is_room_for_two_in_all() {
    let Some(jailer) = JailerProcess::start_with("pairs", &[("BOXES", "2")]).await else {
        return;
    };
    let mut boxes = jailer.boxes();
    // As long as all of them may take one after the other, on a busy host, too.
    boxes.settings.sandbox.launch_timeout_ms = 120_000;
    for (box_per_test, problem, program) in [
        (false, "guess", "bisection.py"),
        (true, "guess", "bisection.py"),
        (false, "relay", "binary.py"),
        (false, "account", "account.py"),
        (false, "baskets", "baskets.py"),
    ] {
        let mut settings = boxes.settings.clone();
        settings.problems.directory = "examples".into();
        settings.judge.box_per_test = box_per_test;
        let problems = ProblemStore::open(&settings.problems).unwrap();
        let judge = JudgeFixture::of(&settings, boxes.pool(PAIRS, 0), problems);
        let accepted = format!("examples/{problem}/submissions/accepted/{program}");
        let wanted: Vec<Submission> = (0..PAIRS).map(|_| of_problem(problem, Path::new(&accepted))).collect();
        let judged = join_all(wanted.iter().map(|wanted| judge.judge(wanted))).await;
        for judged in judged {
            assert_eq!(judged.verdict, Verdict::Ac, "{problem}: {judged:#?}");
        }
        judge.close().await;
    }
}
