//! Submissions through a cluster whose parts fail one after the other: nothing that was accepted is lost.
//!
//! ```text
//! cluster: three nodes of RabbitMQ, PostgreSQL and its standby
//!  |- senders:   one site over AMQP, others over HTTP, each until what it sends is accepted
//!  |- workers:   three, one of them with boxes of Docker
//!  |- listeners: two sites that consume every verdict
//!  |- faults:    one after the other
//!  `- then:      a service that starts late is asked, and a history of all that was accepted and received is checked
//! ```

mod faults;
mod fixture;
mod link;
mod received;
mod report;
mod senders;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::gateway::Gateway;
use crate::history::{Recorder, Way};
use crate::history_checker::check;
use crate::jail_boxes::jail_boxes;
use crate::jailer::jailer;
use crate::leases::ONE_SLOT;
use crate::soak_report::Vitals;
use crate::waiting::until;
use crate::wall_settings::settings_for;
use crate::worker::{DOCKER, Namespace, WorkerProcess};

use faults::Fault::{self, CutOff, FailOver, FillDisk, Kill, Pause, RestartAll};
use fixture::Cluster;
use link::connect;
use received::{Listener, note_stored};
use report::ClusterReport;
use senders::Sending;

/// Sites over HTTP, each of which waits for one verdict at a time.
const HTTP_SITES: usize = 4;

/// How long the last verdicts may take to reach every consumer. What has not by then is lost.
const RECEIVED_WITHIN: Duration = Duration::from_secs(180);

const SETTINGS: [(&str, &str); 7] = [
    ONE_SLOT,
    ("ASSIZE__SANDBOX__WARM_BOXES", "1"),
    // Several workers would be pinned to the same CPUs.
    ("ASSIZE__SANDBOX__PIN_CPUS", "false"),
    ("ASSIZE__STORE__LEASE_MS", "5000"),
    ("ASSIZE__BROKER__LATER_MS", "300"),
    ("ASSIZE__BROKER__HEARTBEAT_S", "5"),
    ("ASSIZE__LOG__FILTER", "warn,assize=info"),
];

/// How much, and what goes wrong meanwhile.
struct Plan {
    /// At least so many; more while faults are made.
    submissions: usize,
    faults: Vec<Fault>,
    within: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_loses_nothing_in_short() {
    run(Plan {
        submissions: 40,
        faults: vec![Kill(1), CutOff(2), FailOver],
        within: Duration::from_secs(900),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes many minutes: make soak-cluster"]
async fn a_cluster_loses_nothing() {
    let number = |variable: &str, usual| std::env::var(variable).map_or(usual, |number| number.parse().unwrap());
    run(Plan {
        submissions: usize::try_from(number("ASSIZE_SOAK_SUBMISSIONS", 10_000)).unwrap(),
        faults: vec![
            Kill(1),
            Kill(2),
            Kill(3),
            CutOff(1),
            CutOff(2),
            CutOff(3),
            Pause(2),
            FillDisk,
            FailOver,
            RestartAll,
        ],
        within: Duration::from_secs(number("ASSIZE_SOAK_SECONDS", 4 * 3600)),
    })
    .await;
}

/// What each consumer has to receive: all that was sent in one way, or in any.
const CONSUMERS: [(&str, Option<Way>); 4] = [
    ("one", None),
    ("other", None),
    ("http", Some(Way::Http)),
    ("late", Some(Way::Http)),
];

/// What everything happens in.
struct Scene {
    cluster: Cluster,
    namespace: Namespace,
    recorder: Recorder,
}

async fn run(plan: Plan) {
    let history = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster-history.jsonl");
    println!("history                        {}", history.display());
    let cluster = Cluster::start().await;
    let mut namespace = Namespace::of(cluster.amqp_urls().remove(0), cluster.database());
    namespace.broker.urls = cluster.amqp_urls();
    let scene = Scene {
        cluster,
        namespace,
        recorder: Recorder::create(&history),
    };
    let report = timeout(plan.within, scene.submit(&plan)).await;
    let report = report.unwrap_or_else(|_elapsed| panic!("not within {:?}", plan.within));
    report.publish();
    assert_eq!(report.broken_promises(), Vec::<String>::new());
    scene.cluster.remove().await;
}

impl Scene {
    async fn submit(&self, plan: &Plan) -> ClusterReport {
        let workers = self.workers().await;
        let gateway = Gateway::ready(&self.namespace).await;
        let (began, at_start) = (Instant::now(), vitals(&workers));
        let faults = faults::possible(&plan.faults);
        self.storm(&gateway, plan.submissions, &faults).await;
        let (seconds, at_end) = (began.elapsed().as_secs_f64(), vitals(&workers));
        for worker in workers {
            // Asserts that no container of it is left.
            worker.stop().await;
        }
        assert_eq!(jail_boxes(), BTreeSet::new(), "boxes of nsjail are left");
        // A service that starts when everything is over: of two servers that take writes it has to find the right one.
        let late = Gateway::ready(&self.namespace).await;
        senders::ask_again(&late, &self.recorder).await;
        self.note_stored(faults.contains(&FailOver)).await;
        let (_connection, site) = connect(&self.namespace.broker, 0).await.unwrap();
        ClusterReport {
            findings: check(&self.recorder.history(), &CONSUMERS),
            made: faults.iter().map(|fault| format!("{fault:?}")).collect(),
            dead_letters: site.take_dead().await.len(),
            waiting: site.waiting().await.unwrap(),
            workers: at_start.into_iter().zip(at_end).collect(),
            seconds,
        }
    }

    /// Boxes of Docker are dear: where there is a jailer, one worker has them, and the others have those of nsjail.
    async fn workers(&self) -> Vec<WorkerProcess> {
        let jails = || match jailer() {
            Some(socket) => settings_for(Some(socket)),
            None => vec![DOCKER],
        };
        let mut workers = Vec::new();
        for (name, wall) in [("docker", vec![DOCKER]), ("jails-1", jails()), ("jails-2", jails())] {
            let settings: Vec<_> = SETTINGS.into_iter().chain(wall).collect();
            workers.push(self.namespace.ready_worker(name, &settings).await);
        }
        workers
    }

    /// Everything at once, until all that was accepted is judged and received.
    async fn storm(&self, gateway: &Gateway, submissions: usize, faults: &[Fault]) {
        let (broker, recorder) = (&self.namespace.broker, &self.recorder);
        let listeners = ["one", "other"].map(|name| Listener::new(broker, name, recorder));
        let [one, other] = listeners.each_ref().map(Listener::count);
        let over = CancellationToken::new();
        join_all(listeners.iter().map(Listener::bind)).await;
        let listening = join_all(listeners.map(|listener| listener.listen(over.clone())));
        let sending = Sending::new(recorder, submissions);
        let making = async {
            faults::make_in_turn(faults, &self.cluster, submissions, one.clone(), recorder).await;
            sending.is_calm.cancel();
        };
        let feeding = async {
            let over_http = join_all((0..HTTP_SITES).map(|_| sending.over_http(gateway)));
            tokio::join!(sending.over_amqp(broker, one.clone()), over_http, making);
            // What is missing after this is in the report.
            let _late = timeout(RECEIVED_WITHIN, all_received([one.clone(), other], sending.accepted())).await;
            let _late = timeout(RECEIVED_WITHIN, self.nothing_waits()).await;
            over.cancel();
        };
        tokio::join!(listening, feeding);
    }

    async fn nothing_waits(&self) {
        let (_connection, site) = connect(&self.namespace.broker, 0).await.unwrap();
        until(async || site.waiting().await.is_ok_and(|waiting| waiting == 0)).await;
    }

    async fn note_stored(&self, is_failed_over: bool) {
        let [primary, standby] = self.cluster.databases();
        let server = if is_failed_over { standby } else { primary };
        note_stored(&server, &self.recorder).await;
    }
}

fn vitals(workers: &[WorkerProcess]) -> Vec<Vitals> {
    workers.iter().map(|worker| Vitals::of(worker.pid())).collect()
}

async fn all_received(counts: [watch::Receiver<usize>; 2], accepted: usize) {
    for mut count in counts {
        count.wait_for(|received| *received >= accepted).await.unwrap();
    }
}
