//! A storage of problems that refuses, as it does after its credentials were changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assize::broker::{Reply, SubmitClient};
use assize::contract::RejectionCode;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::flow::to_sum;
use crate::leases::ONE_SLOT;
use crate::waiting::eventually;
use crate::worker::Namespace;

const SUBMISSIONS: usize = 4;

/// One request more than there are submissions: pauses of half a second, another half, one and two are between them.
const LEAST: Duration = Duration::from_secs(3);

/// A storage that has no package, and refuses to say so at first.
#[derive(Debug, Default)]
struct Storage {
    opened: AtomicBool,
    requests: AtomicUsize,
}

impl Storage {
    /// Where it is.
    async fn started(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/problems", listener.local_addr().unwrap());
        let storage = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                if stream.read(&mut request).await.is_err() {
                    continue;
                }
                storage.requests.fetch_add(1, Ordering::Relaxed);
                let status = match storage.opened.load(Ordering::Relaxed) {
                    true => "404 Not Found",
                    false => "403 Forbidden",
                };
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _gone = stream.write_all(answer.as_bytes()).await;
            }
        });
        url
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// The most attempts that the database has of one submission.
async fn most_attempts(namespace: &Namespace) -> i64 {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let counted =
        "SELECT coalesce(max(count), 0) FROM (SELECT count(*) FROM attempts GROUP BY submission_id) AS counts";
    sqlx::query_scalar(counted).fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_asked_now_and_then_and_leaves_no_row_for_each_time() {
    let namespace = Namespace::new().await;
    let storage = Arc::new(Storage::default());
    let url = storage.started().await;
    let settings = [
        ONE_SLOT,
        ("ASSIZE__BROKER__PREFETCH", "0"),
        ("ASSIZE__PROBLEMS__URL", &url),
        ("ASSIZE__BROKER__LATER_MS", "50"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ];
    let worker = namespace.ready_worker("refused", &settings).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let began = Instant::now();
    for _ in 0..SUBMISSIONS {
        let mut message = to_sum("");
        message.problem.as_mut().unwrap().id = "elsewhere".to_owned();
        client.send(&message).await.unwrap();
    }
    eventually("the storage is asked", async || storage.requests() > SUBMISSIONS).await;
    let took = began.elapsed();
    assert!(took > LEAST, "each was tried within {took:?}: {}", worker.log());
    // The first attempt, the latest that was given back, and one that is under way.
    let attempts = most_attempts(&namespace).await;
    assert!(attempts <= 3, "{attempts}");

    storage.opened.store(true, Ordering::Relaxed);
    let mut rejected = 0;
    while rejected < SUBMISSIONS {
        match client.next().await.unwrap() {
            Reply::Progress(_) => {}
            Reply::Rejection(rejection) => {
                assert_eq!(rejection.code, RejectionCode::UnknownProblem);
                rejected += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    worker.stop().await;
}
