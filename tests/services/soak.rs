//! Many submissions of every kind, while workers are killed and the broker is restarted.
//!
//! ```text
//! soak
//!  |- feed:     sends submissions, some twice; again where the broker did not confirm
//!  |- count:    how many have a verdict
//!  |- survivor: a worker that lives through everything
//!  |- chaos:    another worker, killed every few seconds and started again; restarts of the broker
//!  `- then:     no worker is left, and everything is held against what is promised
//! ```

use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use assize::contract::SubmissionMessage;
use futures::StreamExt as _;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::account::{Account, Expected, is_settled, judged};
use crate::chaos::{kill_again_and_again, restart_now_and_then};
use crate::jail_boxes::jail_boxes;
use crate::jailer::jailer;
use crate::leases::SHORT_LEASE;
use crate::own::OwnService;
use crate::programs::programs;
use crate::site::Site;
use crate::soak_report::{Report, Vitals, publish};
use crate::waiting::until;
use crate::wall_settings::{Settings, settings_for};
use crate::worker::{DOCKER, Namespace, WorkerProcess, boxes_of};

/// One submission of so many is sent twice.
pub(crate) const TWICE: usize = 10;

/// How long what is left of killed workers may take to be swept.
const SWEPT_WITHIN: Duration = Duration::from_secs(60);

/// Of both workers, behind any wall; the one that lives has a second slot.
const SETTINGS: [(&str, &str); 6] = [
    ("ASSIZE__WORKER__SLOTS", "1"),
    ("ASSIZE__SANDBOX__WARM_BOXES", "1"),
    // Two workers would be pinned to the same CPUs.
    ("ASSIZE__SANDBOX__PIN_CPUS", "false"),
    SHORT_LEASE,
    ("ASSIZE__BROKER__LATER_MS", "300"),
    ("ASSIZE__LOG__FILTER", "warn,assize=info"),
];

/// How long, and how rough.
pub(crate) struct Plan {
    pub(crate) submissions: usize,
    /// Submissions that wait for a verdict at once.
    pub(crate) backlog: usize,
    pub(crate) broker_restarts: usize,
    /// How long the worker lives that is killed.
    pub(crate) lives_ms: Range<u64>,
    pub(crate) within: Duration,
    /// The socket of a jailer; `None` for boxes of Docker.
    pub(crate) jailer: Option<&'static Path>,
}

impl Plan {
    /// A few submissions, within minutes.
    pub(crate) fn short() -> Self {
        Self {
            jailer: None,
            submissions: 60,
            backlog: 30,
            broker_restarts: 1,
            lives_ms: 2000..5000,
            within: Duration::from_secs(240),
        }
    }

    /// As many as the environment says, or thousands.
    pub(crate) fn long() -> Self {
        let number = |variable: &str, usual| std::env::var(variable).map_or(usual, |number| number.parse().unwrap());
        Self {
            jailer: None,
            submissions: usize::try_from(number("ASSIZE_SOAK_SUBMISSIONS", 2000)).unwrap(),
            backlog: 100,
            broker_restarts: 2,
            lives_ms: 3000..12_000,
            within: Duration::from_secs(number("ASSIZE_SOAK_SECONDS", 1200)),
        }
    }

    /// The same behind the other wall. Its boxes judge faster, so workers live shorter: enough of them are to be killed.
    pub(crate) fn by_nsjail(self, socket: &'static Path) -> Self {
        Self {
            jailer: Some(socket),
            lives_ms: self.lives_ms.start / 4..self.lives_ms.end / 4,
            ..self
        }
    }

    /// Of both workers.
    pub(crate) fn settings(&self) -> Settings {
        let wall = match self.jailer {
            Some(socket) => settings_for(Some(socket)),
            None => vec![DOCKER, ("ASSIZE__SANDBOX__DOCKER__SWEEP_AFTER_MS", "5000")],
        };
        SETTINGS.into_iter().chain(wall).collect()
    }
}

/// Boxes that are left once no worker lives that could have them.
pub(crate) async fn boxes_left(plan: &Plan, workers: &[String]) -> usize {
    match plan.jailer {
        Some(_socket) => jail_boxes().len(),
        None => boxes_of_all(workers).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_soak_keeps_every_promise() {
    soak(&Plan::short()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_soak_with_boxes_of_nsjail_keeps_every_promise() {
    let Some(socket) = jailer() else { return };
    soak(&Plan::short().by_nsjail(socket)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes: make soak"]
async fn a_long_soak_keeps_every_promise() {
    soak(&Plan::long()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes: make soak"]
async fn a_long_soak_with_boxes_of_nsjail_keeps_every_promise() {
    let Some(socket) = jailer() else { return };
    soak(&Plan::long().by_nsjail(socket)).await;
}

async fn soak(plan: &Plan) {
    let counter = watch::Sender::new(0);
    let report = in_time(plan, &counter, run(plan, &counter)).await;
    publish(&report, "ASSIZE_SOAK_REPORT");
    assert_eq!(report.broken_promises(), Vec::<String>::new());
}

/// What comes of a soak, unless it takes too long.
pub(crate) async fn in_time<T>(plan: &Plan, counter: &watch::Sender<usize>, run: impl Future<Output = T>) -> T {
    timeout(plan.within, run).await.unwrap_or_else(|_elapsed| {
        let (judged, of, within) = (*counter.borrow(), plan.submissions, plan.within);
        panic!("{judged} of {of} submissions had a verdict after {within:?}: that is too slow")
    })
}

/// What a storm leaves behind.
struct Storm {
    expected: Expected,
    killed: Vec<String>,
    broker_restarts: usize,
    survivor_at_start: Vitals,
}

async fn run(plan: &Plan, counter: &watch::Sender<usize>) -> Report {
    let (broker, database) = tokio::join!(OwnService::broker(), OwnService::database());
    let namespace = Namespace::of(broker.url(), database.url());
    let survivor = survivor(plan, &namespace).await;
    let began = Instant::now();
    let storm = storm(plan, &namespace, &broker, &survivor, counter).await;
    settle(&namespace, plan.submissions).await;
    let took = began.elapsed();
    let survivor_at_end = Vitals::of(survivor.pid());
    sweep(&storm.killed).await;
    survivor.stop().await;
    let report = Report {
        account: Account::of(&namespace, &storm.expected).await,
        boxes_left: boxes_left(plan, &storm.killed).await,
        worker_kills: storm.killed.len(),
        broker_restarts: storm.broker_restarts,
        survivor_at_start: storm.survivor_at_start,
        survivor_at_end,
        seconds: took.as_secs_f64(),
    };
    broker.remove().await;
    database.remove().await;
    report
}

/// The worker that lives through everything.
pub(crate) async fn survivor(plan: &Plan, namespace: &Namespace) -> WorkerProcess {
    let mut settings = plan.settings();
    settings.push(("ASSIZE__WORKER__SLOTS", "2"));
    namespace.ready_worker("survivor", &settings).await
}

/// The process once everything that it needs once has been needed.
pub(crate) async fn warm_vitals(pid: u32, plan: &Plan, counter: &watch::Sender<usize>) -> Vitals {
    let warm = plan.submissions / 10;
    counter.subscribe().wait_for(|judged| *judged >= warm).await.unwrap();
    Vitals::of(pid)
}

/// Everything at once, until all submissions have their verdict.
async fn storm(
    plan: &Plan,
    namespace: &Namespace,
    broker: &OwnService,
    survivor: &WorkerProcess,
    counter: &watch::Sender<usize>,
) -> Storm {
    let over = CancellationToken::new();
    let feeding = async {
        let expected = feed(namespace, plan, counter.subscribe()).await;
        settle(namespace, plan.submissions).await;
        over.cancel();
        expected
    };
    let settings = plan.settings();
    let (expected, survivor_at_start, killed, broker_restarts, ()) = tokio::join!(
        feeding,
        warm_vitals(survivor.pid(), plan, counter),
        kill_again_and_again(namespace, &settings, &plan.lives_ms, &over),
        restart_now_and_then(broker, plan.broker_restarts, plan.submissions, counter.subscribe()),
        keep_count(namespace, counter, &over),
    );
    Storm {
        expected,
        killed,
        broker_restarts,
        survivor_at_start,
    }
}

/// Waits until the worker that lived has removed the boxes of those that died. What is left then is in the report.
pub(crate) async fn sweep(killed: &[String]) {
    let swept = until(async || boxes_of_all(killed).await == 0);
    let _late = timeout(SWEPT_WITHIN, swept).await;
}

async fn boxes_of_all(workers: &[String]) -> usize {
    futures::stream::iter(workers)
        .then(|worker| boxes_of(worker, true))
        .fold(0, async |sum, boxes| sum + boxes)
        .await
}

/// Sends everything, as fast as verdicts come.
async fn feed(namespace: &Namespace, plan: &Plan, mut judged: watch::Receiver<usize>) -> Expected {
    let programs = programs();
    let mut expected = Expected::new();
    let mut site = None;
    for (index, program) in programs.iter().cycle().take(plan.submissions).enumerate() {
        let message = program.submission();
        for _ in 0..=usize::from(index % TWICE == 0) {
            send(namespace, &mut site, &message).await;
        }
        expected.insert(message.id, program.expected);
        let enough = expected.len().saturating_sub(plan.backlog);
        judged.wait_for(|judged| *judged >= enough).await.unwrap();
    }
    expected
}

/// Sends until the broker confirms, over as many connections as it takes, as a careful site does.
async fn send(namespace: &Namespace, site: &mut Option<Site>, message: &SubmissionMessage) {
    until(async || {
        if site.is_none() {
            *site = Site::connect(&namespace.broker).await.ok();
        }
        let is_sent = match site {
            Some(connected) => connected.send(message).await.is_ok(),
            None => false,
        };
        if !is_sent {
            *site = None;
        }
        is_sent
    })
    .await;
}

pub(crate) async fn keep_count(namespace: &Namespace, counter: &watch::Sender<usize>, over: &CancellationToken) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    until(async || {
        counter.send_replace(judged(&mut database).await.unwrap());
        over.is_cancelled()
    })
    .await;
}

pub(crate) async fn settle(namespace: &Namespace, submissions: usize) {
    until(async || is_settled(namespace, submissions).await.is_ok_and(|settled| settled)).await;
}
