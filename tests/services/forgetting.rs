//! Messages that are not kept any longer, where there are more than one statement forgets.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use crate::worker::Namespace;

/// More than four batches of each kind, and some of each that are kept.
const KEPT: &str = "
    INSERT INTO gateway_submissions (id, site, fingerprint, message, accepted_at, published_at, has_own_term)
    SELECT gen_random_uuid(), 'site', decode(repeat('00', 32), 'hex'), '{}'::json, now() - age, CASE WHEN sent THEN now() END,
        NOT sent
    FROM generate_series(1, 2100),
        (VALUES ('3 days'::interval, true), ('2 hours', false)) AS old (age, sent)
    UNION ALL
    SELECT gen_random_uuid(), 'site', decode(repeat('00', 32), 'hex'), '{}'::json, now(), CASE WHEN sent THEN now() END,
        NOT sent
    FROM generate_series(1, 10), (VALUES (true), (false)) AS young (sent)";

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn messages(database: &mut PgConnection) -> i64 {
    let kept = sqlx::query_scalar("SELECT count(*) FROM gateway_submissions WHERE message IS NOT NULL");
    kept.fetch_one(database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_forgets_all_messages_of_both_kinds_however_many_there_are() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(KEPT).execute(&mut database).await.unwrap();
    assert_eq!(store.forget_messages(DAY).await.unwrap(), 4200);
    assert_eq!(messages(&mut database).await, 20);
    assert_eq!(store.forget_messages(DAY).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_cannot_be_forgotten_does_not_keep_the_messages_of_the_other_kind() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(KEPT).execute(&mut database).await.unwrap();
    // As where the statement takes longer than it may.
    let failing = "
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too long'; END $$;
        CREATE TRIGGER fail BEFORE UPDATE ON gateway_submissions FOR EACH ROW
            WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION fail()";
    sqlx::raw_sql(failing).execute(&mut database).await.unwrap();
    store.forget_messages(DAY).await.unwrap_err();
    assert_eq!(messages(&mut database).await, 2100 + 20);
}
