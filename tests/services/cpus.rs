//! Workers of one host, and which CPUs they take.

use crate::http::{address_of, metric, readiness};
use crate::worker::{Namespace, WorkerProcess};

/// What a worker says about the CPUs of its slots, and how many slots have some of their own.
async fn cpus(worker: &WorkerProcess) -> (String, f64) {
    let address = address_of(worker).await;
    let (_status, readiness) = readiness(&address).await;
    let found = readiness["parts"]["cpus"]["found"].as_str().unwrap().to_owned();
    (found, metric(&address, "assize_slots_pinned").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_of_one_host_take_cpus_of_their_own_and_say_when_none_is_left() {
    let namespace = Namespace::new().await;
    let directory = tempfile::tempdir().unwrap();
    let settings = [
        ("ASSIZE__SANDBOX__CPUS_DIRECTORY", directory.path().to_str().unwrap()),
        ("ASSIZE__SANDBOX__CPUSET", "0-1"),
        ("ASSIZE__WORKER__SLOTS", "1"),
    ];
    let own = |cpu: u32| (format!("each slot has its own: {cpu}"), 1.0);
    let mut first = namespace.worker("first", &settings);
    assert_eq!(cpus(&first).await, own(0));
    let second = namespace.worker("second", &settings);
    assert_eq!(cpus(&second).await, own(1));
    let third = namespace.worker("third", &settings);
    let (found, pinned) = cpus(&third).await;
    assert!(found.contains("which hold 2 of them") && pinned == 0.0, "{found}");
    first.kill().await;
    let heir = namespace.worker("heir", &settings);
    assert_eq!(cpus(&heir).await, own(0), "the locks of a dead worker are free");
    for worker in [second, third, heir] {
        worker.stop().await;
    }
}
