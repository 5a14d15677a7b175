//! What is old is removed from the database, and what a worker has in hand or will get again stays.

use std::time::Duration;

use assize::broker::SubmitClient;
use assize::contract::Verdict;
use assize::store::{PURGING, Purged, Retention};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::waiting::eventually;
use crate::worker::Namespace;

const ATTACK: &str = "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)";

/// Everything that is known of the submissions that were judged happened a hundred days ago.
const LONG_AGO: &str = "
    UPDATE attempts SET started_at = started_at - interval '100 days', ended_at = ended_at - interval '100 days';
    UPDATE security_events SET at = at - interval '100 days';
    INSERT INTO cancellations (submission_id, rejudge, asked_at)
        SELECT id, gen_random_uuid(), now() FROM submissions;
    INSERT INTO cancellations (submission_id, rejudge, asked_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), now() - interval '100 days');
    INSERT INTO gateway_submissions (id, site, fingerprint, message, accepted_at, published_at)
        SELECT id, 'a', sha256('x'), '{}', now(), now() FROM submissions;
    INSERT INTO gateway_submissions (id, site, fingerprint, accepted_at, rejection)
        VALUES (gen_random_uuid(), 'a', sha256('x'), now() - interval '100 days', '{}')";

/// More than one transaction removes, each with a verdict, a test and a verdict that counts no longer.
const MANY_OLD: &str = "
    WITH old AS (INSERT INTO submissions (id, language)
                 SELECT gen_random_uuid(), 'python3' FROM generate_series(1, 1100) RETURNING id),
         tried AS (INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until, ended_at, outcome)
                   SELECT id, 1, 'w', gen_random_uuid(), day, day, day, 'verdict'
                   FROM old, (SELECT now() - interval '100 days' AS day) AS ago),
         history AS (INSERT INTO verdict_history (submission_id, attempt, verdict, worker, judged_at, document)
                     SELECT id, 1, 'WA', 'w', now(), '{}' FROM old),
         judged AS (INSERT INTO verdicts (submission_id, verdict, language, worker, received_at, judged_at, document, attempt)
                    SELECT id, 'AC', 'python3', 'w', now(), now(), '{}', 1 FROM old RETURNING submission_id)
    INSERT INTO test_runs SELECT submission_id, 0, 't', 'AC', 1, 1, 1, 0, NULL FROM judged";

/// Old submissions that are not answered: held, failed, given back, lost, and one that was judged and is held again.
const IN_FLIGHT: &str = "
    WITH kinds (outcome, id) AS (SELECT kind, gen_random_uuid() FROM unnest(
             ARRAY['held', 'failed', 'given_back', 'lost', 'again']) AS kind),
         old AS (INSERT INTO submissions (id, language) SELECT id, 'python3' FROM kinds),
         days AS (SELECT now() - interval '100 days' AS day),
         first AS (INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until, ended_at, outcome)
                   SELECT id, 1, 'w', gen_random_uuid(), day, day,
                          CASE outcome WHEN 'held' THEN NULL ELSE day END,
                          CASE outcome WHEN 'held' THEN NULL WHEN 'again' THEN 'verdict' ELSE outcome END
                   FROM kinds, days)
    INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until)
    SELECT id, 2, 'w', gen_random_uuid(), day, day FROM kinds, days WHERE outcome = 'again'";

/// Messages that were dropped: a submission that a worker held, one that failed, and one that no worker has taken, each 100
/// and 200 days ago.
const DROPPED: &str = "
    WITH kinds (outcome, day, id) AS (
             SELECT kind, now() - age, gen_random_uuid()
             FROM unnest(ARRAY['held', 'failed', 'never taken']) AS kind,
                  unnest(ARRAY[interval '100 days', interval '200 days']) AS age),
         accepted AS (INSERT INTO gateway_submissions (id, site, fingerprint, accepted_at, published_at)
                      SELECT id, 'a', sha256('x'), day, day FROM kinds),
         taken AS (INSERT INTO submissions (id, language) SELECT id, 'python3' FROM kinds WHERE outcome <> 'never taken')
    INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until, ended_at, outcome)
    SELECT id, 1, 'w', gen_random_uuid(), day, day, CASE outcome WHEN 'failed' THEN day END, nullif(outcome, 'held')
    FROM kinds WHERE outcome <> 'never taken'";

const UNANSWERED: i64 = 5;

async fn database(namespace: &Namespace) -> PgConnection {
    PgConnection::connect(&namespace.database).await.unwrap()
}

/// Rows of each table that holds something of submissions.
async fn rows(namespace: &Namespace) -> [i64; 7] {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM submissions), (SELECT count(*) FROM verdicts),
                (SELECT count(*) FROM verdict_history), (SELECT count(*) FROM test_runs),
                (SELECT count(*) FROM gateway_submissions), (SELECT count(*) FROM cancellations),
                (SELECT count(*) FROM security_events)",
    )
    .fetch_one(&mut database(namespace).await)
    .await
    .unwrap();
    std::array::from_fn(|column| row.get(column))
}

async fn purge(namespace: &Namespace, options: &[&str]) -> Value {
    let mut command = namespace.assize();
    command.args(["purge", "--older-than", "90d", "--json"]).args(options);
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_long_ago_goes_with_all_that_is_known_of_it_and_the_rest_stays() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("keeping", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let (old, young) = (to_sum(ATTACK), to_sum("print(0)"));
    client.send(&old).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Sv);
    let mut connection = database(&namespace).await;
    for statements in [LONG_AGO, MANY_OLD, IN_FLIGHT] {
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    }
    client.send(&young).await.unwrap();
    verdict(&mut client).await;

    let before = rows(&namespace).await;
    let counted = purge(&namespace, &["--dry-run"]).await;
    assert_eq!(rows(&namespace).await, before, "a dry run removes nothing");
    assert_eq!(counted["submissions"], 1101, "{counted}");
    assert_eq!(purge(&namespace, &[]).await, counted);
    let left = rows(&namespace).await;
    let tests = tests_of(&namespace, young.id).await;
    assert!(tests > 0);
    assert_eq!(left, [UNANSWERED + 1, 1, 0, tests, 0, 0, 0], "before: {before:?}");
    assert_eq!(purge(&namespace, &[]).await["submissions"], 0);

    client.send(&young).await.unwrap();
    assert_eq!(
        verdict(&mut client).await.0.attempt,
        Some(1),
        "the verdict that was kept"
    );
    client.send(&old).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Sv, "it is judged anew");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_message_was_dropped_goes_after_twice_the_term() {
    let namespace = Namespace::new().await;
    namespace.store().await.close().await;
    sqlx::raw_sql(DROPPED)
        .execute(&mut database(&namespace).await)
        .await
        .unwrap();
    let counted = purge(&namespace, &["--dry-run"]).await;
    assert_eq!(
        (&counted["submissions"], &counted["http_submissions"]),
        (&json!(2), &json!(3)),
        "{counted}"
    );
    assert_eq!(purge(&namespace, &[]).await, counted);
    assert_eq!(rows(&namespace).await, [2, 0, 0, 0, 3, 0, 0]);
}

async fn tests_of(namespace: &Namespace, submission: Uuid) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM test_runs WHERE submission_id = $1")
        .bind(submission)
        .fetch_one(&mut database(namespace).await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_removes_what_the_settings_do_not_keep() {
    let namespace = Namespace::new().await;
    namespace.store().await.close().await;
    let mut connection = database(&namespace).await;
    sqlx::raw_sql(MANY_OLD).execute(&mut connection).await.unwrap();
    sqlx::raw_sql(IN_FLIGHT).execute(&mut connection).await.unwrap();
    let three_months = ("ASSIZE__STORE__KEEP_SUBMISSIONS_S", "7776000");
    let worker = namespace.worker("removing", &[three_months]);
    let is_clean = async || rows(&namespace).await == [UNANSWERED, 0, 0, 0, 0, 0, 0];
    eventually("only what is not answered is left", is_clean).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_workers_that_remove_at_once_one_does_and_none_waits() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut connection = database(&namespace).await;
    sqlx::raw_sql(MANY_OLD).execute(&mut connection).await.unwrap();
    let retention = Retention {
        submissions: Some(Duration::ZERO),
        security_events: None,
        test_sets: None,
    };
    let mut other = connection.begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(PURGING)
        .execute(&mut *other)
        .await
        .unwrap();
    assert_eq!(store.purge_some_alone(&retention).await.unwrap(), None);
    other.rollback().await.unwrap();
    let purged = store.purge_some_alone(&retention).await.unwrap().unwrap();
    assert!(purged.submissions > 0, "{purged:?}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_without_a_term_or_of_young_rows_is_a_wrong_call() {
    let namespace = Namespace::new().await;
    for (arguments, expected) in [
        (&["purge"][..], "keep everything for ever"),
        (&["purge", "--older-than", "1h"], "younger than a day"),
    ] {
        let mut command = namespace.assize();
        command.args(arguments).env("ASSIZE__STORE__KEEP_TEST_SETS_S", "0");
        let output = command.output().await.unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}

/// A database whose clock is a year behind that of its workers. Programs find this function before PostgreSQL's own.
const YEAR_BEHIND: &str = "
    CREATE SCHEMA behind;
    CREATE FUNCTION behind.clock_timestamp() RETURNS timestamptz LANGUAGE sql
        AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 year' $$;
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = behind, pg_catalog, public', current_database());
    END $$";

const CAUGHT_UP: &str = "
    CREATE OR REPLACE FUNCTION behind.clock_timestamp() RETURNS timestamptz LANGUAGE sql
        AS $$ SELECT pg_catalog.clock_timestamp() $$";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_is_told_by_the_clock_of_the_database() {
    let namespace = Namespace::new().await;
    let mut connection = database(&namespace).await;
    for statements in [MANY_OLD, YEAR_BEHIND] {
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    }
    let store = namespace.store().await;
    let ninety_days = Retention {
        submissions: Some(Duration::from_secs(90 * 24 * 3600)),
        security_events: None,
        test_sets: None,
    };
    assert_eq!(store.count_purgeable(&ninety_days).await.unwrap(), Purged::default());
    assert_eq!(store.purge_some(&ninety_days).await.unwrap(), Purged::default());
    sqlx::raw_sql(CAUGHT_UP).execute(&mut connection).await.unwrap();
    assert!(store.purge_some(&ninety_days).await.unwrap().submissions > 0);
    store.close().await;
}
