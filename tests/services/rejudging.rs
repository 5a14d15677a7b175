//! Submissions that are judged once more on request.

use assize::broker::{Reply, SubmitClient};
use assize::contract::{Judgement, Verdict};
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// Verdicts that count, and those that do not, the oldest first.
async fn stored(namespace: &Namespace, submission: Uuid) -> (Vec<Judgement>, Vec<Judgement>) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let mut read = async |query: &'static str| {
        let rows = sqlx::query(query)
            .bind(submission)
            .fetch_all(&mut database)
            .await
            .unwrap();
        rows.iter()
            .map(|row| serde_json::from_str(&row.get::<String, _>(0)).unwrap())
            .collect()
    };
    let counts = read("SELECT document::text FROM verdicts WHERE submission_id = $1").await;
    let history = read("SELECT document::text FROM verdict_history WHERE submission_id = $1 ORDER BY attempt").await;
    (counts, history)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_judged_once_more_for_each_wish_and_the_old_verdicts_are_kept() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("again", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum("print(0)");
    client.send(&message).await.unwrap();
    let (first, _) = verdict(&mut client).await;
    assert_eq!(
        (first.verdict, first.attempt, first.rejudge),
        (Verdict::Wa, Some(1), None)
    );

    let request = Uuid::new_v4();
    let mut again = to_sum(RIGHT);
    (again.id, again.rejudge) = (message.id, Some(request));
    client.send_in_bulk(&again).await.unwrap();
    let (second, _) = verdict(&mut client).await;
    assert_eq!(
        (second.verdict, second.attempt, second.rejudge),
        (Verdict::Ac, Some(2), Some(request))
    );
    assert_ne!(second.verdict_id, first.verdict_id, "consumers can tell them apart");

    client.send_in_bulk(&again).await.unwrap();
    assert_eq!(
        verdict(&mut client).await,
        (second.clone(), 0),
        "the same request is judged once"
    );
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, second, "the latest counts for everybody");
    assert_eq!(stored(&namespace, message.id).await, (vec![second], vec![first]));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_names_the_attempt_and_the_request_that_is_judged() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("progress", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum(RIGHT);
    let requests = [None, Some(Uuid::new_v4()), Some(Uuid::new_v4())];
    let mut finished = vec![Vec::new(); requests.len()];
    for (attempt, request) in (1..).zip(requests) {
        message.rejudge = request;
        client.send(&message).await.unwrap();
        // It goes another way than verdicts, and what is behind one comes with the next.
        while let Reply::Progress(progress) = client.next().await.unwrap() {
            let of = progress.attempt.unwrap();
            assert!((1..=attempt).contains(&of), "{progress:?}");
            let place = usize::try_from(of).unwrap() - 1;
            assert_eq!(progress.rejudge, requests[place], "{progress:?}");
            finished[place].push(progress.finished);
        }
    }
    let last = finished.pop().unwrap();
    assert_eq!(finished[0], [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(
        finished[1],
        [0, 1, 2, 3, 4, 5, 6, 7],
        "another attempt says that it begins"
    );
    assert!(
        [0, 1, 2, 3, 4, 5, 6, 7].starts_with(&last) && last.len() > 1,
        "{last:?}"
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_error_does_not_take_the_place_of_a_verdict() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("sound", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum(RIGHT);
    message.language = "pypy3".to_owned();
    client.send(&message).await.unwrap();
    let (sound, _) = verdict(&mut client).await;
    worker.stop().await;

    // The image of one language only: the host can judge the others.
    let no_image = [("ASSIZE__SANDBOX__DOCKER__IMAGES__PYPY3", "assize/not-there:latest")];
    let broken = namespace.ready_worker("broken", &no_image).await;
    message.rejudge = Some(Uuid::new_v4());
    client.send(&message).await.unwrap();
    let (failed, _) = verdict(&mut client).await;
    assert_eq!(failed.verdict, Verdict::Je);
    assert_eq!(stored(&namespace, message.id).await, (vec![sound], vec![failed]));
    broken.stop().await;
}
