//! Programs on a CPU that others use too.

use std::pin::pin;
use std::sync::Arc;

use assize::config::{self, Settings};
use assize::contract::{LimitKind, RequestedLimits, Submission, Verdict};
use assize::judge::{Attempt, JudgeFailure};
use assize::problem::ProblemStore;
use assize::sandbox::Pool;
use futures::future::join_all;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::judge::{JudgeFixture, submission};

/// Boxes that compute without end on the same CPU.
const NEIGHBOURS: u32 = 4;

/// A judge whose slots, one for each neighbour and one more, are all on one CPU.
async fn judge(change: impl FnOnce(&mut Settings)) -> JudgeFixture {
    judge_on("0", change).await
}

/// The same on these CPUs.
async fn judge_on(cpus: &str, change: impl FnOnce(&mut Settings)) -> JudgeFixture {
    let mut settings = config::load(None).unwrap();
    settings.worker.id = format!("{}-starvation-{}", settings.worker.id, Uuid::new_v4().simple());
    settings.problems.directory = "examples".into();
    settings.judge.near_limit = 0.0;
    change(&mut settings);
    let slots = (0..=NEIGHBOURS).map(|_slot| cpus.to_owned()).collect();
    let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0).await;
    let pool = pool.expect("these tests need Docker; see README, Tests");
    let problems = ProblemStore::open(&settings.problems).unwrap();
    JudgeFixture::of(&settings, Arc::new(pool), problems)
}

/// Does this while every neighbour computes; they are stopped then.
async fn beside_neighbours<T>(fixture: &JudgeFixture, work: impl Future<Output = T>) -> T {
    let computing = Semaphore::new(0);
    let neighbours = join_all((0..NEIGHBOURS).map(|_number| async {
        // Its first test is over when it computes.
        let spins = "if input():\n    while True: pass\nprint(5)";
        let mut sent = crate::judging::submission(spins, &[("\n", "5\n"), ("for ever\n", "5\n")]);
        (sent.limits.cpu_ms, sent.limits.wall_ms) = (Some(60_000), Some(60_000));
        let begun = |_first| computing.add_permits(1);
        fixture.judge.judge(&sent, &Attempt::now(), &begun).await.unwrap()
    }));
    let work = pin!(async {
        let _all = computing.acquire_many(NEIGHBOURS).await.unwrap();
        work.await
    });
    tokio::select! {
        ended = neighbours => panic!("the neighbours have ended: {ended:?}"),
        done = work => done,
    }
}

/// A submission with one test, and a wall limit that it reaches long before its CPU limit.
fn limited(source: &str, wall_ms: u64) -> Submission {
    let sent = submission(source, "", "5\n");
    let limits = RequestedLimits {
        cpu_ms: Some(20_000),
        wall_ms: Some(wall_ms),
        ..sent.limits
    };
    Submission { limits, ..sent }
}

/// A program that needs so much CPU time, and no less of it on the wall.
fn computing(seconds: f64, wall_ms: u64) -> Submission {
    let source = format!("import time\nwhile time.process_time() < {seconds}: pass\nprint(5)");
    limited(&source, wall_ms)
}

#[tokio::test(flavor = "multi_thread")]
async fn time_in_which_a_program_is_ready_and_others_run_does_not_count() {
    let fixture = judge(|settings| settings.limits.starvation_factor = 1000.0).await;
    let judged = beside_neighbours(&fixture, fixture.judge(&computing(0.3, 500))).await;
    let test = &judged.tests[0];
    assert_eq!(test.verdict, Verdict::Ac, "{judged:?}");
    let starved_ms = test.starved_ms.unwrap();
    assert!(test.wall_ms > 500 && test.wall_ms - starved_ms <= 500, "{test:?}");
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_starves_beyond_the_bound_is_tried_again_and_blamed_on_the_host() {
    let fixture = judge(|settings| settings.limits.starvation_factor = 1.0).await;
    let judged = beside_neighbours(&fixture, fixture.try_to_judge(&computing(10.0, 300))).await;
    let Err(JudgeFailure::Error(error)) = judged else {
        panic!("{judged:?}");
    };
    assert!(error.culprit().is_the_host(), "{error}");
    let message = error.to_string();
    assert!(
        message.starts_with("3 boxes were lost") && message.contains("the host is too busy"),
        "{message}"
    );
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_sleeps_beside_busy_neighbours_ends_at_its_wall_limit() {
    let fixture = judge(|_settings| {}).await;
    let sleeping = limited("import time\ntime.sleep(1000)", 500);
    let judged = beside_neighbours(&fixture, fixture.judge(&sleeping)).await;
    assert_eq!(judged.verdict, Verdict::Tle, "{judged:?}");
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_chooses_a_cpu_goes_on_and_keeps_all_that_its_box_has() {
    let chooses = "import os\ncpus = os.sched_getaffinity(0)\nos.sched_setaffinity(0, {min(cpus)})\n\
                   print(len(cpus), os.sched_getaffinity(0) == cpus)";
    let fixture = judge_on("0,1", |settings| settings.sandbox.cpus = 2).await;
    let judged = fixture.judge(&submission(chooses, "", "2 True\n")).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{judged:?}");
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_uses_up_its_share_of_all_cpus_does_not_starve_while_it_pauses() {
    let fixture = judge_on("", |_settings| {}).await;
    let spins = "import os\nos.fork()\nos.fork()\nwhile True: pass";
    let judged = fixture.judge(&limited(spins, 500)).await;
    assert_eq!(judged.verdict, Verdict::Tle, "{judged:?}");
    assert_eq!(judged.tests[0].limit, Some(LimitKind::Wall), "{judged:?}");
    fixture.close().await;
}
