//! What goes wrong during a soak: a worker and a service are killed again and again, and the broker is restarted.

use std::ops::Range;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::gateway::Gateway;
use crate::http_soak_clients::Front;
use crate::own::OwnService;
use crate::waiting::until;
use crate::worker::{Namespace, WorkerProcess};

/// Starts a worker and kills it after a while, again and again until `over`, and a last time then. Gives the names of the
/// killed.
pub(crate) async fn kill_again_and_again(
    namespace: &Namespace,
    settings: &[(&str, &str)],
    lives_ms: &Range<u64>,
    over: &CancellationToken,
) -> Vec<String> {
    let mut killed = Vec::new();
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    while !over.is_cancelled() {
        let mut worker = namespace.worker(&format!("killed-{}", killed.len()), settings);
        let lives = Duration::from_millis(any_of(lives_ms));
        let living = async {
            pause(lives).await;
            // Some of them at any moment, the others when it hurts.
            let at_any_moment = !killed.len().is_multiple_of(2);
            until(async || at_any_moment || has_something_in_hand(&mut database, &worker.id).await).await;
        };
        over.run_until_cancelled(living).await;
        kill(&mut worker).await;
        killed.push(worker.id);
    }
    killed
}

/// Opens a service and kills it after a while, in the moment in which a client waits at it; again and again until `over`.
/// How often.
pub(crate) async fn kill_in_mid_wait(
    front: &Front,
    open: impl AsyncFn() -> Gateway,
    lives_ms: &Range<u64>,
    over: &CancellationToken,
) -> usize {
    let mut killed = 0;
    while !over.is_cancelled() {
        let mut service = open().await;
        front.moves(Front::KILLED, &service.address);
        let living = async {
            pause(Duration::from_millis(any_of(lives_ms))).await;
            until(async || front.is_waited_at(Front::KILLED)).await;
        };
        over.run_until_cancelled(living).await;
        let ended = service.process.try_wait().unwrap();
        assert!(ended.is_none(), "a service ended by itself: {ended:?}");
        service.process.kill().await.unwrap();
        killed += 1;
    }
    killed
}

async fn has_something_in_hand(database: &mut PgConnection, worker: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM attempts WHERE worker = $1 AND ended_at IS NULL)")
        .bind(worker)
        .fetch_one(database)
        .await
        .unwrap()
}

/// Lets time pass in which something may happen, or must not.
pub(crate) async fn pause(time: Duration) {
    sleep(time).await;
}

/// A worker that has ended by itself is a failure, and its log says of what.
async fn kill(worker: &mut WorkerProcess) {
    assert!(worker.runs(), "a worker ended by itself: {}", worker.log());
    worker.kill().await;
}

/// Restarts the broker so many times, evenly over so many verdicts.
pub(crate) async fn restart_now_and_then(
    broker: &OwnService,
    times: usize,
    submissions: usize,
    mut judged: watch::Receiver<usize>,
) -> usize {
    for time in 1..=times {
        let next = submissions * time / (times + 1);
        judged.wait_for(|judged| *judged >= next).await.unwrap();
        broker.restart().await;
    }
    times
}

fn any_of(range: &Range<u64>) -> u64 {
    range.start + u64::from(Uuid::new_v4().as_fields().0) % (range.end - range.start)
}
