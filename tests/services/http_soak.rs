//! The soak, through `assize serve`: a service is killed too, while its clients wait.
//!
//! ```text
//! soak
//!  |- hand in:   clients at two services: some wait, some send several at once, some twice; again until they are answered
//!  |- count:     how many have a verdict
//!  |- survivors: a worker and a service that live through everything
//!  |- chaos:     another worker and another service, killed every few seconds; restarts of the broker
//!  |- listener:  the site to which callbacks are sent
//!  `- then:      no worker is left, and everything is held against what is promised
//! ```

use std::time::Instant;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::account::{Account, Expected};
use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over};
use crate::chaos::{kill_again_and_again, kill_in_mid_wait, restart_now_and_then};
use crate::gateway::Gateway;
use crate::http_soak_account::{HttpAccount, HttpReport};
use crate::http_soak_clients::{AcceptedOne, Front, hand_in};
use crate::jailer::jailer;
use crate::own::OwnService;
use crate::soak::{Plan, boxes_left, in_time, keep_count, settle, survivor, sweep, warm_vitals};
use crate::soak_report::{Report, Vitals, publish};
use crate::waiting::until;
use crate::worker::{Namespace, WorkerProcess};

#[tokio::test(flavor = "multi_thread")]
async fn a_short_soak_over_http_keeps_every_promise() {
    let plan = Plan::short();
    soak(&match jailer() {
        Some(socket) => plan.by_nsjail(socket),
        None => plan,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes: make soak"]
async fn a_long_soak_over_http_keeps_every_promise() {
    soak(&Plan::long()).await;
}

async fn soak(plan: &Plan) {
    let counter = watch::Sender::new(0);
    let report = in_time(plan, &counter, run(plan, &counter)).await;
    publish(&report, "ASSIZE_SOAK_HTTP_REPORT");
    assert_eq!(report.broken_promises(), Vec::<String>::new());
}

/// What is there all the time.
struct Site {
    namespace: Namespace,
    broker: OwnService,
    database: OwnService,
    worker: WorkerProcess,
    service: Gateway,
    calling: Calling,
    listener: CallbackListener,
    front: Front,
}

impl Site {
    async fn open(plan: &Plan) -> Self {
        let (broker, database) = tokio::join!(OwnService::broker(), OwnService::database());
        let namespace = Namespace::of(broker.url(), database.url());
        // A worker declares the queues.
        let worker = survivor(plan, &namespace).await;
        let (calling, front) = (Calling::new(), Front::default());
        let service = calling.ready(&namespace).await;
        front.moves(Front::LIVING, &service.address);
        Self {
            listener: CallbackListener::answering(|_path, _before| Some("204 No Content")).await,
            namespace,
            broker,
            database,
            worker,
            service,
            calling,
            front,
        }
    }

    fn service_vitals(&self) -> Vitals {
        Vitals::of(self.service_pid())
    }

    fn service_pid(&self) -> u32 {
        self.service.process.id().unwrap()
    }
}

/// What a storm leaves behind.
struct Storm {
    accepted: Vec<AcceptedOne>,
    killed: Vec<String>,
    service_kills: usize,
    broker_restarts: usize,
    worker_at_start: Vitals,
    service_at_start: Vitals,
}

async fn run(plan: &Plan, counter: &watch::Sender<usize>) -> HttpReport {
    let site = Site::open(plan).await;
    let began = Instant::now();
    let storm = storm(plan, &site, counter).await;
    settle(&site.namespace, plan.submissions).await;
    let seconds = began.elapsed().as_secs_f64();
    let all = i64::try_from(plan.submissions).unwrap();
    until(async || over(&site.namespace).await.0 == all).await;
    let (worker_at_end, service_at_end) = (Vitals::of(site.worker.pid()), site.service_vitals());
    sweep(&storm.killed).await;
    site.worker.stop().await;
    let expected: Expected = storm.accepted.iter().map(|one| (one.id, one.expected)).collect();
    let secret = site.calling.secret();
    let calls = (&site.listener, secret.as_str());
    let report = HttpReport {
        http: HttpAccount::of(&site.namespace, &site.service, &storm.accepted, calls).await,
        soak: Report {
            account: Account::of(&site.namespace, &expected).await,
            boxes_left: boxes_left(plan, &storm.killed).await,
            worker_kills: storm.killed.len(),
            broker_restarts: storm.broker_restarts,
            survivor_at_start: storm.worker_at_start,
            survivor_at_end: worker_at_end,
            seconds,
        },
        service_kills: storm.service_kills,
        cut_off: site.front.cut_off(),
        refused: site.front.refused(),
        service_at_start: storm.service_at_start,
        service_at_end,
    };
    site.broker.remove().await;
    site.database.remove().await;
    report
}

/// Everything at once, until all submissions have their verdict.
async fn storm(plan: &Plan, site: &Site, counter: &watch::Sender<usize>) -> Storm {
    let Site { namespace, front, .. } = site;
    let is_over = CancellationToken::new();
    let judged = counter.subscribe();
    let feeding = async {
        let accepted = hand_in(plan, front, &site.listener, &judged).await;
        settle(namespace, plan.submissions).await;
        is_over.cancel();
        accepted
    };
    let open = async || site.calling.ready(namespace).await;
    let settings = plan.settings();
    let (accepted, worker_at_start, service_at_start, killed, service_kills, broker_restarts, ()) = tokio::join!(
        feeding,
        warm_vitals(site.worker.pid(), plan, counter),
        warm_vitals(site.service_pid(), plan, counter),
        kill_again_and_again(namespace, &settings, &plan.lives_ms, &is_over),
        kill_in_mid_wait(front, open, &plan.lives_ms, &is_over),
        restart_now_and_then(
            &site.broker,
            plan.broker_restarts,
            plan.submissions,
            counter.subscribe()
        ),
        keep_count(namespace, counter, &is_over),
    );
    Storm {
        accepted,
        killed,
        service_kills,
        broker_restarts,
        worker_at_start,
        service_at_start,
    }
}
