//! What goes wrong in a cluster, one thing after the other.

use std::time::Duration;

use rustix::process::geteuid;
use tokio::sync::watch;

use super::fixture::{Cluster, NODES, node};
use crate::chaos::pause;
use crate::history::{Recorder, What};
use crate::skipped::skipped;

/// How long a node stays away that was killed.
const DEAD: Duration = Duration::from_secs(5);

/// How long one stays cut off or paused: longer than the others need to take it for lost.
const SILENT: Duration = Duration::from_secs(25);

/// How long a disk stays full.
const FULL: Duration = Duration::from_secs(10);

/// One thing that goes wrong, and is put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A node of RabbitMQ is killed with SIGKILL.
    Kill(usize),
    /// Between a node and the others no packet goes either way.
    CutOff(usize),
    /// A node is frozen; the others and its clients hear nothing from it.
    Pause(usize),
    /// Every node is stopped and started again, one after the other.
    RestartAll,
    /// The disk of a node is full.
    FillDisk,
    /// The primary of PostgreSQL is killed, its standby promoted, and the old primary comes back as it was.
    FailOver,
}

impl Fault {
    async fn make(self, cluster: &Cluster) {
        match self {
            Self::Kill(number) => {
                cluster.docker(&["kill"], &node(number)).await;
                pause(DEAD).await;
                cluster.docker(&["start"], &node(number)).await;
            }
            Self::CutOff(number) => {
                cluster.cut_off(number).await;
                pause(SILENT).await;
                cluster.join_again(number).await;
            }
            Self::Pause(number) => {
                cluster.docker(&["pause"], &node(number)).await;
                pause(SILENT).await;
                cluster.docker(&["unpause"], &node(number)).await;
            }
            Self::RestartAll => {
                for number in 1..=NODES {
                    cluster.docker(&["restart", "-t", "60"], &node(number)).await;
                    cluster.is_whole().await;
                }
            }
            Self::FillDisk => {
                cluster.fill_disk().await;
                pause(FULL).await;
                cluster.empty_disk().await;
            }
            Self::FailOver => {
                cluster.docker(&["kill"], "postgres-1").await;
                let promote = ["psql", "-q", "-U", "assize", "-c", "SELECT pg_promote()"];
                cluster.run_in("postgres-2", &promote).await;
                pause(DEAD).await;
                cluster.docker(&["start"], "postgres-1").await;
            }
        }
        cluster.is_whole().await;
    }
}

/// Makes the faults in turn, evenly over so many verdicts.
pub(super) async fn make_in_turn(
    faults: &[Fault],
    cluster: &Cluster,
    submissions: usize,
    mut judged: watch::Receiver<usize>,
    recorder: &Recorder,
) {
    for (position, fault) in (1..).zip(faults) {
        let next = submissions * position / (faults.len() + 1);
        judged.wait_for(|judged| *judged >= next).await.unwrap();
        recorder.record(What::Fault {
            fault: format!("{fault:?}"),
        });
        println!("{fault:?}, after {} verdicts", *judged.borrow());
        fault.make(cluster).await;
    }
}

/// Those that this user can make: packets are dropped by root only. That is said, and no test passes so under CI.
pub(super) fn possible(faults: &[Fault]) -> Vec<Fault> {
    let is_possible = |fault: &Fault| geteuid().is_root() || !matches!(fault, Fault::CutOff(_));
    let possible: Vec<Fault> = faults.iter().copied().filter(is_possible).collect();
    if possible.len() < faults.len() {
        skipped("a node can be cut off by root only");
    }
    possible
}
