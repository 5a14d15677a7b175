//! Tables that a later version has migrated, under programs of this one.

use std::collections::BTreeMap;
use std::path::Path;

use assize::broker::SubmitClient;
use assize::config;
use assize::contract::{SubmissionMessage, Verdict};
use assize::store::{Store, StoreError, migrate};
use serde_json::{Value, json};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, to_call};
use crate::flow::{to_sum, verdict};
use crate::gateway::{Gateway, RIGHT, id_of};
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");

/// A migration that adds a column to `verdicts`, and the one before it.
const ADDS_A_COLUMN: [i64; 2] = [20_261_130_010_101, 20_261_130_010_001];

/// The migrations of a version that comes after this one. `tests/pure/migrations/` holds what they add against the rule.
async fn later_version() -> Migrator {
    let mut all = Vec::new();
    for folder in ["migrations", "tests/common/later_migrations"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        all.extend(Migrator::new(folder).await.unwrap().iter().cloned());
    }
    Migrator::with_migrations(all)
}

async fn connection(namespace: &Namespace) -> PgConnection {
    PgConnection::connect(&namespace.database).await.unwrap()
}

async fn open(namespace: &Namespace) -> Result<Store, StoreError> {
    let mut settings = config::load(None).unwrap().store;
    settings.url.clone_from(&namespace.database);
    Store::open(&settings).await
}

/// Submissions, and what is expected of each.
#[derive(Debug, Default)]
struct Stream {
    expected: BTreeMap<Uuid, Verdict>,
    received: BTreeMap<Uuid, Verdict>,
}

impl Stream {
    async fn send(&mut self, client: &SubmitClient, count: usize) {
        for number in 0..count {
            let (operator, expected) = [("", Verdict::Ac), ("1 + ", Verdict::Wa)][number % 2];
            let message: SubmissionMessage = to_sum(&format!("print({operator}sum(map(int, input().split())))"));
            client.send(&message).await.unwrap();
            self.expected.insert(message.id, expected);
        }
    }

    async fn receive(&mut self, client: &mut SubmitClient, count: usize) {
        for _ in 0..count {
            let judgement = verdict(client).await.0;
            let before = self.received.insert(judgement.id, judgement.verdict);
            assert_eq!(before, None, "{judgement:#?}");
        }
    }

    /// Holds it against what was answered, stored and published.
    async fn is_judged_once(&self, namespace: &Namespace) {
        assert_eq!(self.received, self.expected);
        let stored: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT submission_id, verdict FROM verdicts ORDER BY submission_id")
                .fetch_all(&mut connection(namespace).await)
                .await
                .unwrap();
        let expected = self
            .expected
            .iter()
            .map(|(id, verdict)| (*id, verdict.code().to_owned()));
        assert_eq!(stored, expected.collect::<Vec<_>>());
        let raw = RawClient::connect(&namespace.broker).await;
        let published = raw.ready_in(&namespace.broker.verdict_queue).await;
        assert_eq!(usize::try_from(published).unwrap(), self.expected.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_go_on_while_a_later_version_migrates_and_start_on_its_tables() {
    let namespace = Namespace::unmigrated().await;
    let stays = namespace.ready_worker("stays", &[ONE_SLOT]).await;
    let returns = namespace.ready_worker("returns", &[ONE_SLOT]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut stream = Stream::default();
    stream.send(&client, 40).await;
    stream.receive(&mut client, 10).await;
    migrate(&mut connection(&namespace).await, &later_version().await)
        .await
        .unwrap();
    returns.stop().await;
    let returned = namespace.ready_worker("returns", &[ONE_SLOT]).await;
    stays.stop().await;
    stream.send(&client, 20).await;
    stream.receive(&mut client, 50).await;

    returned.stop().await;

    stream.is_judged_once(&namespace).await;
    let unreviewed: i64 = sqlx::query_scalar("SELECT count(*) FROM unreviewed WHERE urgency = 3")
        .fetch_one(&mut connection(&namespace).await)
        .await
        .unwrap();
    assert_eq!(unreviewed, 60, "the later version reads what this one wrote");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_and_a_worker_start_on_the_tables_of_a_later_version() {
    let namespace = Namespace::unmigrated().await;
    migrate(&mut connection(&namespace).await, &later_version().await)
        .await
        .unwrap();
    let worker = namespace.ready_worker("old", &[ONE_SLOT]).await;
    let gateway = Gateway::ready(&namespace).await;
    let right = json!({ "source": RIGHT, "problem": { "id": "sum" } });
    let (status, answer) = gateway.post("/v1/submissions?wait=50", &right).await;
    assert_eq!(
        (status, &answer["verdict"]["verdict"]),
        (200, &json!("AC")),
        "{answer:#}"
    );
    worker.stop().await;
}

/// Stores what a worker of a later version has answered, as another service hears it, and has it called back.
async fn answered(namespace: &Namespace, id: &str, document: &Value) {
    let mut connection = connection(namespace).await;
    let id: Uuid = id.parse().unwrap();
    for statement in [
        "INSERT INTO submissions (id, language) VALUES ($1, 'python')",
        "INSERT INTO verdicts (submission_id, attempt, verdict, language, worker, received_at, judged_at, document)
         SELECT $1, 1, 'AC', 'python', 'w', now(), now(), current_setting('later.document')::json",
        "UPDATE gateway_callbacks SET due_at = now() WHERE submission_id = $1",
    ] {
        sqlx::query("SELECT set_config('later.document', $1, false)")
            .bind(document.to_string())
            .execute(&mut connection)
            .await
            .unwrap();
        sqlx::query(statement).bind(id).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_only_a_later_version_can_read_keeps_no_other_one_from_its_client() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("204 No Content")).await;
    let worker = namespace.ready_worker("earlier", &[]).await;
    let gateway = calling.ready(&namespace).await;
    let (_, example) = gateway
        .post("/v1/submissions?wait=50", &to_call(&listener.url("/first")))
        .await;
    worker.stop().await;
    assert_eq!(example["state"], "done", "{example:#}");

    let mut ids = Vec::new();
    for path in ["/unreadable", "/new-kind", "/read"] {
        let (status, accepted) = gateway.post("/v1/submissions", &to_call(&listener.url(path))).await;
        assert_eq!(status, 202, "{accepted}");
        ids.push(id_of(&accepted));
    }
    let finding = json!({ "kind": "unheard_of", "severity": "alert", "source": "kernel", "tests": 1, "first_test": "1",
                          "detail": "seen" });
    let changes = [
        ("tests", json!("of another form")),
        ("security", json!([finding])),
        ("worker", json!({ "id": "later", "version": "99.0.0" })),
    ];
    let wait = async |id: &String| gateway.read(&format!("/v1/submissions/{id}?wait=20")).await;
    let store = async {
        for (id, (field, changed)) in ids.iter().zip(changes) {
            let mut document = example["verdict"].clone();
            (document["id"], document[field]) = (json!(id), changed);
            answered(&namespace, id, &document).await;
        }
    };
    let (new_kind, read, ()) = tokio::join!(wait(&ids[1]), wait(&ids[2]), store);
    assert_eq!(new_kind.1["verdict"]["security"][0]["kind"], "other", "{new_kind:?}");
    assert_eq!(read.1["verdict"]["worker"]["id"], "later", "{read:?}");
    eventually("the others are called back", async || {
        ["/new-kind", "/read"].iter().all(|path| listener.seen(path).len() == 1)
    })
    .await;
    let (status, refused) = gateway.read(&format!("/v1/submissions/{}", ids[0])).await;
    assert_eq!((status, &refused["code"]), (503, &json!("unavailable")), "{refused}");
    eventually("its callback is put off, and says why", async || {
        let put_off: bool = sqlx::query_scalar(
            "SELECT ended_at IS NULL AND due_at > now() AND coalesce(error LIKE '%cannot be read%', false)
             FROM gateway_callbacks WHERE submission_id = $1",
        )
        .bind(ids[0].parse::<Uuid>().unwrap())
        .fetch_one(&mut connection(&namespace).await)
        .await
        .unwrap();
        put_off
    })
    .await;
}

/// A row of a migration that this version does not know.
fn applied(version: i64, description: &str) -> String {
    format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES ({version}, '{description}', true, '', 0)"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_a_program_cannot_use_are_refused_in_words() {
    let changed = "UPDATE _sqlx_migrations SET checksum = '' WHERE version = 20261124000301";
    let newest_is_missing =
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations); ";
    let other_line = format!("{newest_is_missing}{}", applied(29_990_101_000_001, "other"));
    for (change, words) in [
        (changed.to_owned(), ["migration 20261124000301", "has been modified"]),
        (
            applied(20_261_124_000_302, "forgotten"),
            ["migration 20261124000302", "is missing"],
        ),
        (other_line, ["29990101000001", "this version does not know"]),
        (
            applied(29_990_101_000_001, "runs unused since 99.0.0"),
            ["migration 29990101000001", "start version 99.0.0 or later"],
        ),
    ] {
        let namespace = Namespace::unmigrated().await;
        namespace.store().await.close().await;
        let mut database = connection(&namespace).await;
        sqlx::raw_sql(AssertSqlSafe(change.clone()))
            .execute(&mut database)
            .await
            .unwrap();
        let refused = open(&namespace).await.unwrap_err().to_string();
        for part in words {
            assert!(refused.contains(part), "{change}: {refused}");
        }
        let mut worker = namespace.worker("refused", &[]);
        assert_eq!(worker.ended().await.code(), Some(3), "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_version_took_away_is_not_missed_by_one_that_does_not_use_it() {
    let namespace = Namespace::unmigrated().await;
    namespace.store().await.close().await;
    sqlx::raw_sql(AssertSqlSafe(applied(29_990_101_000_001, "runs unused since 0.0.1")))
        .execute(&mut connection(&namespace).await)
        .await
        .unwrap();
    open(&namespace).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_make_an_index_concurrently() {
    let namespace = Namespace::unmigrated().await;
    let later = later_version().await;
    let starts = (0..4).map(async |_| migrate(&mut connection(&namespace).await, &later).await);
    for started in futures::future::join_all(starts).await {
        assert!(started.unwrap().is_empty());
    }
    assert!(is_index_read(&namespace).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_not_finished_is_made_anew() {
    let namespace = Namespace::unmigrated().await;
    let later = later_version().await;
    migrate(&mut connection(&namespace).await, &later).await.unwrap();
    sqlx::raw_sql(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'verdicts_by_reviewer'::regclass;
         DELETE FROM _sqlx_migrations WHERE version = 29990101000003",
    )
    .execute(&mut connection(&namespace).await)
    .await
    .unwrap();
    assert!(!is_index_read(&namespace).await);
    migrate(&mut connection(&namespace).await, &later).await.unwrap();
    assert!(is_index_read(&namespace).await);
}

async fn is_index_read(namespace: &Namespace) -> bool {
    sqlx::query_scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = 'verdicts_by_reviewer'::regclass")
        .fetch_one(&mut connection(namespace).await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_does_not_hold_up_others_at_a_table_that_a_backup_reads() {
    let [adds_a_column, before] = ADDS_A_COLUMN;
    let namespace = Namespace::unmigrated().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let all = Migrator::new(folder).await.unwrap();
    all.run_to(before, &mut connection(&namespace).await).await.unwrap();
    let mut backup = connection(&namespace).await;
    let mut backup = backup.begin().await.unwrap();
    sqlx::query("LOCK TABLE verdicts IN ACCESS SHARE MODE")
        .execute(&mut *backup)
        .await
        .unwrap();
    let mut database = connection(&namespace).await;
    let (opened, ()) = tokio::join!(open(&namespace), async {
        eventually("the migration waits", async || waits(&mut database).await).await;
        eventually("it does not wait for ever", async || !waits(&mut database).await).await;
        backup.commit().await.unwrap();
    });
    opened.unwrap().close().await;
    let is_applied: bool = sqlx::query_scalar("SELECT count(*) = 1 FROM _sqlx_migrations WHERE version = $1")
        .bind(adds_a_column)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert!(is_applied);
}

/// Whether something waits for the table that the backup reads.
async fn waits(database: &mut PgConnection) -> bool {
    sqlx::query_scalar("SELECT count(*) > 0 FROM pg_locks WHERE relation = 'verdicts'::regclass AND NOT granted")
        .fetch_one(database)
        .await
        .unwrap()
}
