//! Callbacks of several sites, of which one has a receiver that does not answer.

use std::collections::HashMap;
use std::time::Duration;

use assize::contract::{Rejected, RejectionCode};
use assize::store::{CallbackPlaces, Store};
use sqlx::{Connection as _, PgConnection};

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// As if so many submissions of a site had been rejected, whose callbacks were not tried yet.
const REJECTED: &str = "
    WITH numbered AS (SELECT gen_random_uuid() AS id FROM generate_series(1, $2)),
    rejected AS (
        INSERT INTO gateway_submissions (id, site, fingerprint, published_at, rejection)
        SELECT id, $1, decode(repeat('00', 32), 'hex'), now(), $3::json FROM numbered
    )
    INSERT INTO gateway_callbacks (submission_id, url) SELECT id, $4 FROM numbered";

pub(crate) async fn reject(namespace: &Namespace, site: &str, number: i64, url: &str) {
    let rejected = Rejected {
        id: None,
        code: RejectionCode::UnknownLanguage,
        field: None,
        reason: "no worker has it".to_owned(),
    };
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let inserted = sqlx::query(REJECTED)
        .bind(site)
        .bind(number)
        .bind(serde_json::to_string(&rejected.into_rejection("w")).unwrap())
        .bind(url);
    inserted.execute(&mut database).await.unwrap();
}

/// Takes what is due where each site may have so many of 64, and these are taken.
pub(crate) async fn due(store: &Store, of_a_site: u32, taken: &[(&str, u32)]) -> HashMap<String, usize> {
    let places = CallbackPlaces {
        free: 64,
        of_a_site,
        taken: taken.iter().map(|(site, taken)| ((*site).to_owned(), *taken)).collect(),
    };
    let due = store.due_callbacks(&places, Duration::from_secs(600)).await.unwrap();
    let mut sites = HashMap::new();
    for due in due {
        *sites.entry(due.site().to_owned()).or_default() += 1;
    }
    sites
}

pub(crate) fn of(sites: &[(&str, usize)]) -> HashMap<String, usize> {
    sites
        .iter()
        .map(|(site, number)| ((*site).to_owned(), *number))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_callbacks_that_are_due_each_site_gets_what_it_has_places_for() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    reject(&namespace, "many", 300, "http://127.0.0.1:9/").await;
    reject(&namespace, "few", 3, "http://127.0.0.1:9/").await;
    let both = due(&store, 16, &[]).await;
    assert_eq!(
        both,
        of(&[("many", 16), ("few", 3)]),
        "those are behind 300 of the other site"
    );
    assert_eq!(due(&store, 16, &[("many", 16), ("few", 3)]).await, of(&[]));
    // Places that have become free, and a share that has become smaller meanwhile.
    assert_eq!(due(&store, 16, &[("many", 10), ("few", 3)]).await, of(&[("many", 6)]));
    assert_eq!(due(&store, 4, &[("many", 10)]).await, of(&[]));
    reject(&namespace, "few", 20, "http://127.0.0.1:9/").await;
    let both = due(&store, 400, &[]).await;
    assert_eq!(both, of(&[("many", 64)]), "no more than there is room for");
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let unnamed = "SELECT count(*) FROM gateway_callbacks WHERE callback_site IS NULL";
    let unnamed: i64 = sqlx::query_scalar(unnamed).fetch_one(&mut database).await.unwrap();
    assert_eq!(unnamed, 0, "a service of an earlier version has written them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_whose_receiver_never_answers_does_not_delay_the_callbacks_of_another_one() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|path, _before| (path == "/quick").then_some("204 No Content")).await;
    // A worker declares the queues; it is not needed for what is rejected.
    namespace.ready_worker("callbacks-shares", &[]).await.stop().await;
    reject(&namespace, "dead", 300, &listener.url("/dead")).await;
    reject(&namespace, "quick", 1, &listener.url("/quick")).await;
    // No try is given up while the test runs.
    let patient = [("ASSIZE__SERVE__CALLBACK_TIMEOUT_MS", "600000")];
    let gateway = calling.ready_with(&namespace, &patient).await;
    eventually("what is behind those of the other site is sent", async || {
        over(&namespace).await == (1, 1)
    })
    .await;
    eventually("the other site has all places but the reserve", async || {
        listener.seen("/dead").len() == 48
    })
    .await;

    // More than the places that are left.
    reject(&namespace, "quick", 100, &listener.url("/quick")).await;
    eventually("what comes meanwhile is sent", async || {
        over(&namespace).await == (101, 101)
    })
    .await;
    assert_eq!(listener.seen("/quick").len(), 101);
    assert_eq!(
        listener.seen("/dead").len(),
        48,
        "the rest waits for the share of its site"
    );
    drop(gateway);
}
