//! Programs on a CPU that others use too.

use std::process::{Child, Command};
use std::sync::Arc;

use assize::config::{self, Settings};
use assize::contract::{RequestedLimits, Submission, Verdict};
use assize::judge::JudgeFailure;
use assize::problem::ProblemStore;
use assize::sandbox::Pool;
use uuid::Uuid;

use crate::judge::{JudgeFixture, submission};

/// The CPU of the boxes.
const CPU: &str = "0";

/// Programs of the host that use that CPU and nothing else. They end with this, or with the test.
struct Neighbours(Vec<Child>);

impl Neighbours {
    fn start(number: usize) -> Self {
        let spin = format!(
            "import os\nparent = os.getppid()\nos.sched_setaffinity(0, [{CPU}])\n\
             while os.getppid() == parent:\n    sum(range(10000))"
        );
        let start = |_| Command::new("python3").args(["-c", &spin]).spawn().unwrap();
        Self((0..number).map(start).collect())
    }
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        for neighbour in &mut self.0 {
            neighbour.kill().unwrap();
            neighbour.wait().unwrap();
        }
    }
}

/// A judge with one slot, on that CPU.
async fn judge(change: impl FnOnce(&mut Settings)) -> JudgeFixture {
    let mut settings = config::load(None).unwrap();
    settings.worker.id = format!("{}-starvation-{}", settings.worker.id, Uuid::new_v4().simple());
    settings.problems.directory = "examples".into();
    settings.judge.near_limit = 0.0;
    change(&mut settings);
    let pool = Pool::open(&settings.sandbox, &settings.worker.id, vec![CPU.to_owned()], 0).await;
    let pool = pool.expect("these tests need Docker; see README, Tests");
    let problems = ProblemStore::open(&settings.problems).unwrap();
    JudgeFixture::of(&settings, Arc::new(pool), problems)
}

/// A program that needs so much CPU time, and no less of it on the wall.
fn computing(seconds: f64, wall_ms: u64) -> Submission {
    let source = format!("import time\nwhile time.process_time() < {seconds}: pass\nprint(5)");
    let sent = submission(&source, "", "5\n");
    let limits = RequestedLimits {
        cpu_ms: Some(20_000),
        wall_ms: Some(wall_ms),
        ..sent.limits
    };
    Submission { limits, ..sent }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_in_which_a_program_is_ready_and_others_run_does_not_count() {
    let fixture = judge(|settings| settings.limits.starvation_factor = 1000.0).await;
    let neighbours = Neighbours::start(12);
    let judged = fixture.judge(&computing(0.3, 700)).await;
    drop(neighbours);
    let test = &judged.tests[0];
    assert_eq!(test.verdict, Verdict::Ac, "{judged:#?}");
    let starved_ms = test.starved_ms.unwrap();
    assert!(test.wall_ms > 700 && test.wall_ms - starved_ms <= 700, "{test:#?}");
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_starves_beyond_the_bound_is_tried_again_and_blamed_on_the_host() {
    let fixture = judge(|settings| settings.limits.starvation_factor = 1.0).await;
    let neighbours = Neighbours::start(12);
    let judged = fixture.try_to_judge(&computing(10.0, 300)).await;
    drop(neighbours);
    let Err(JudgeFailure::Error(error)) = judged else {
        panic!("{judged:#?}");
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
    let neighbours = Neighbours::start(4);
    let mut sleeping = computing(0.0, 500);
    sleeping.files[0].content = b"import time\ntime.sleep(1000)".to_vec();
    let judged = fixture.judge(&sleeping).await;
    drop(neighbours);
    assert_eq!(judged.verdict, Verdict::Tle, "{judged:#?}");
    fixture.close().await;
}
