//! A database that keeps its programs out, as it does after a password was changed or a rule of pg_hba.conf was.

use assize::contract::Verdict;
use url::Url;

use crate::account::{Account, Expected, settled};
use crate::flow::to_sum;
use crate::http::{address_of, not_ready};
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

const TERMINATE: &str =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'judge'";

/// Statements of an operator, in the database that every server has.
async fn operator(database: &OwnService, statements: &[&str]) {
    for statement in statements {
        let command = [
            "psql",
            "-qv",
            "ON_ERROR_STOP=1",
            "-U",
            "assize",
            "-d",
            "postgres",
            "-c",
            statement,
        ];
        database.run(&command).await;
    }
}

/// Keeps a worker out of its database while submissions come, and lets it in again.
async fn is_kept_out(close: &[&str], said: &str, open: &[&str]) {
    let database = OwnService::database().await;
    let role = format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'");
    let owner = format!("ALTER DATABASE assize OWNER TO {ROLE}");
    operator(&database, &[&role, &owner]).await;
    let mut url = Url::parse(&database.url()).unwrap();
    url.set_username(ROLE).unwrap();
    let namespace = Namespace::of(Services::get().await.amqp_url(), url.to_string());
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__MAX_ATTEMPTS", "2")];
    let worker = namespace.ready_worker("kept-out", &settings).await;

    operator(&database, close).await;
    operator(&database, &[TERMINATE]).await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    let messages: Vec<_> = (0..SUBMISSIONS).map(|_| to_sum(RIGHT)).collect();
    for message in &messages {
        site.send(message).await.unwrap();
    }
    not_ready(&address_of(&worker).await, "database", "").await;
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
    operator(&database, open).await;

    settled(&namespace, messages.len()).await;
    worker.stop().await;
    let expected: Expected = messages.iter().map(|message| (message.id, Verdict::Ac)).collect();
    Account::of(&namespace, &expected).await.assert_clean();
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_costs_no_verdict() {
    let back = format!("ALTER ROLE {ROLE} PASSWORD '{PASSWORD}'");
    let close = "ALTER ROLE judge PASSWORD 'another one'";
    is_kept_out(&[close], "password authentication failed", &[&back]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_connect_that_was_taken_away_costs_no_verdict() {
    let close = [
        "ALTER DATABASE assize OWNER TO assize",
        "REVOKE CONNECT ON DATABASE assize FROM PUBLIC",
    ];
    let open = ["ALTER DATABASE assize OWNER TO judge"];
    is_kept_out(&close, "permission denied for database", &open).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_under_another_name_costs_no_verdict() {
    let close = [
        "ALTER DATABASE assize ALLOW_CONNECTIONS false",
        TERMINATE,
        "ALTER DATABASE assize RENAME TO aside",
    ];
    let open = [
        "ALTER DATABASE aside RENAME TO assize",
        "ALTER DATABASE assize ALLOW_CONNECTIONS true",
    ];
    is_kept_out(&close, "does not exist", &open).await;
}
