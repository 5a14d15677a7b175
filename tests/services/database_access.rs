//! A database that keeps its programs out, as it does after a password was changed or a rule of pg_hba.conf was, or that
//! refuses what they ask.

use assize::contract::Verdict;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::sync::Mutex;
use url::Url;

use crate::account::{Account, Expected, settled};
use crate::flow::to_sum;
use crate::http::{address_of, cannot_judge, not_ready};
use crate::leases::{ONE_SLOT, SHORT_LEASE, SOON};
use crate::own::OwnService;
use crate::services::{PASSWORD, Services};
use crate::site::Site;
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// A role of workers, which is no superuser: that one may always connect.
const ROLE: &str = "judge";

/// So many that a queue in which each were tried at once, as often as it may be, would be empty before the way is open.
const SUBMISSIONS: usize = 6;

/// Those that may have been at fault themselves: a third one shows that it is the database.
const TOLD_EARLY: usize = 2;

const TERMINATE: &str =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'judge'";

/// The database that every server has.
const EVERY_SERVERS: &str = "postgres";

/// The database of the programs.
const THEIRS: &str = "assize";

/// Statements of an operator, in a database.
async fn operator(server: &OwnService, database: &str, statements: &[&str]) {
    for statement in statements {
        let command = [
            "psql",
            "-qv",
            "ON_ERROR_STOP=1",
            "-U",
            "assize",
            "-d",
            database,
            "-c",
            statement,
        ];
        server.run(&command).await;
    }
}

/// How a worker is kept out.
struct KeptOut<'a> {
    /// Where the statements are run.
    database: &'a str,
    close: &'a [&'a str],
    /// What PostgreSQL says then.
    said: &'a str,
    open: &'a [&'a str],
}

/// Keeps a worker out of its database while submissions come, and lets it in again.
async fn is_kept_out(kept_out: &KeptOut<'_>) {
    let KeptOut {
        database: of_statements,
        close,
        said,
        open,
    } = *kept_out;
    let database = OwnService::database().await;
    let role = format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'");
    let owner = format!("ALTER DATABASE assize OWNER TO {ROLE}");
    operator(&database, EVERY_SERVERS, &[&role, &owner]).await;
    let mut url = Url::parse(&database.url()).unwrap();
    url.set_username(ROLE).unwrap();
    let namespace = Namespace::of(Services::get().await.amqp_url(), url.to_string());
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__MAX_ATTEMPTS", "2")];
    let worker = namespace.ready_worker("kept-out", &settings).await;

    operator(&database, of_statements, close).await;
    operator(&database, EVERY_SERVERS, &[TERMINATE]).await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    let messages: Vec<_> = (0..SUBMISSIONS).map(|_| to_sum(RIGHT)).collect();
    for message in &messages {
        site.send(message).await.unwrap();
    }
    let found = if of_statements == THEIRS { said } else { "" };
    not_ready(&address_of(&worker).await, "database", found).await;
    // More looks than a message has attempts.
    eventually("the worker asks again and again", async || {
        worker
            .log()
            .lines()
            .filter(|line| line.contains(said) && line.contains("tried again"))
            .count()
            > 3
    })
    .await;
    assert_eq!(site.announced().await.unwrap(), 0, "{}", worker.log());
    operator(&database, of_statements, open).await;

    settled(&namespace, messages.len()).await;
    worker.stop().await;
    let expected: Expected = messages.iter().map(|message| (message.id, Verdict::Ac)).collect();
    Account::of(&namespace, &expected).await.assert_clean();
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_costs_no_verdict() {
    let back = format!("ALTER ROLE {ROLE} PASSWORD '{PASSWORD}'");
    is_kept_out(&KeptOut {
        database: EVERY_SERVERS,
        close: &["ALTER ROLE judge PASSWORD 'another one'"],
        said: "password authentication failed",
        open: &[&back],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_connect_that_was_taken_away_costs_no_verdict() {
    is_kept_out(&KeptOut {
        database: EVERY_SERVERS,
        close: &[
            "ALTER DATABASE assize OWNER TO assize",
            "REVOKE CONNECT ON DATABASE assize FROM PUBLIC",
        ],
        said: "permission denied for database",
        open: &["ALTER DATABASE assize OWNER TO judge"],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_another_role_costs_no_verdict_and_the_worker_is_not_ready() {
    is_kept_out(&KeptOut {
        database: THEIRS,
        close: &["ALTER TABLE attempts OWNER TO assize"],
        said: "permission denied for table attempts",
        open: &["ALTER TABLE attempts OWNER TO judge"],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_under_another_name_costs_no_verdict() {
    is_kept_out(&KeptOut {
        database: EVERY_SERVERS,
        close: &[
            "ALTER DATABASE assize ALLOW_CONNECTIONS false",
            TERMINATE,
            "ALTER DATABASE assize RENAME TO aside",
        ],
        said: "does not exist",
        open: &[
            "ALTER DATABASE aside RENAME TO assize",
            "ALTER DATABASE assize ALLOW_CONNECTIONS true",
        ],
    })
    .await;
}

/// How many verdicts are stored that say this.
async fn stored(database: &mut PgConnection, verdict: Verdict) -> usize {
    let counted = sqlx::query_scalar("SELECT count(*) FROM verdicts WHERE verdict = $1").bind(verdict.code());
    let counted: i64 = counted.fetch_one(database).await.unwrap();
    usize::try_from(counted).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_verdict_turns_no_queue_into_judge_errors() {
    let namespace = Namespace::new().await;
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__MAX_ATTEMPTS", "2")];
    let worker = namespace.ready_worker("refused", &settings).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    // What is claimed can be judged, and its verdict cannot be stored.
    database
        .execute("ALTER TABLE verdicts RENAME COLUMN score TO points")
        .await
        .unwrap();
    let site = Site::connect(&namespace.broker).await.unwrap();
    for _ in 0..SUBMISSIONS {
        site.send(&to_sum(RIGHT)).await.unwrap();
    }
    cannot_judge(&worker, "score").await;
    database
        .execute("ALTER TABLE verdicts RENAME COLUMN points TO score")
        .await
        .unwrap();
    let database = Mutex::new(database);
    eventually("the rest is judged", async || {
        let judged = stored(&mut *database.lock().await, Verdict::Ac).await;
        let told = usize::try_from(site.announced().await.unwrap()).unwrap();
        judged >= SUBMISSIONS - TOLD_EARLY && told == SUBMISSIONS && site.waiting().await.unwrap() == 0
    })
    .await;
    worker.stop().await;
    let judged = stored(&mut database.into_inner(), Verdict::Ac).await;
    let told = site.take_announced().await.len();
    assert_eq!(told, SUBMISSIONS, "each is told one verdict");
    assert_eq!(site.take_dead().await.len(), SUBMISSIONS - judged);
}
