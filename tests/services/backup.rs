//! The scripts that back up and restore the database, on services of compose that are lost in between.

use std::path::Path;
use std::process::{Output, Stdio};

use assize::broker::SubmitClient;
use assize::config;
use assize::contract::{Judgement, SubmissionMessage};
use sqlx::{Connection as _, PgConnection};
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::own::free_port;
use crate::services::{OwnGroup as _, PASSWORD, amqp_url, postgres_url};
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// The HTTP service of compose with the program of this build, since the image of workers is made for users only; and a
/// volume under another name than that of an installation beside this one.
const SERVE: &str = r#"
services:
  serve:
    image: assize/postgres:17
    entrypoint: [/usr/local/bin/assize]
    environment:
      ASSIZE__SERVE__LISTEN: 127.0.0.1:8751
      ASSIZE__SERVE__TOKEN_FILE: ""
    volumes:
      - { type: bind, source: "PROGRAM", target: /usr/local/bin/assize, read_only: true }
volumes:
  streams:
    name: PROJECT_streams
"#;

/// An installation by compose that no other test uses; it goes with its data when this is dropped.
struct Installation {
    variables: Vec<(&'static str, String)>,
    amqp_port: u16,
    postgres_port: u16,
    reaper: Child,
}

impl Installation {
    fn in_directory(directory: &Path) -> Self {
        let more = directory.join("serve.yml");
        let project = format!("assize-test-{}", Uuid::new_v4().simple());
        let text = SERVE.replace("PROGRAM", env!("CARGO_BIN_EXE_assize"));
        std::fs::write(&more, text.replace("PROJECT", &project)).unwrap();
        let (amqp_port, postgres_port) = (free_port(), free_port());
        let variables = vec![
            ("COMPOSE_PROJECT_NAME", project),
            ("COMPOSE_FILE", format!("docker-compose.yml:{}", more.display())),
            ("ASSIZE_RABBITMQ_PASSWORD", PASSWORD.to_owned()),
            ("ASSIZE_POSTGRES_PASSWORD", PASSWORD.to_owned()),
            ("ASSIZE_DOCKER_GROUP", "0".to_owned()),
            ("ASSIZE_RABBITMQ_PORT", amqp_port.to_string()),
            ("ASSIZE_RABBITMQ_UI_PORT", free_port().to_string()),
            ("ASSIZE_POSTGRES_PORT", postgres_port.to_string()),
            ("ASSIZE_HTTP_PORT", free_port().to_string()),
            ("ASSIZE_YES", "1".to_owned()),
        ];
        Self {
            reaper: reaper(&variables),
            variables,
            amqp_port,
            postgres_port,
        }
    }

    /// One of our scripts.
    fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(format!("docker/{name}.sh"));
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    async fn compose(&self, arguments: &[&str]) -> String {
        succeeds(&mut self.script("compose", arguments)).await
    }

    async fn start_services(&self) {
        self.compose(&["up", "-d", "--wait", "rabbitmq", "postgres"]).await;
        self.compose(&["up", "-d", "serve"]).await;
    }

    async fn lose_everything(&self) {
        self.compose(&["--profile", "nsjail", "down", "--volumes", "-t", "0"])
            .await;
    }

    /// When the HTTP service was started, if it runs.
    async fn service(&self) -> Option<String> {
        let id = self.compose(&["ps", "-q", "--status", "running", "serve"]).await;
        if id.trim().is_empty() {
            return None;
        }
        let format = ["inspect", "-f", "{{.State.StartedAt}}", id.trim()];
        Some(succeeds(Command::new("docker").args(format)).await)
    }

    /// It answers, and so do broker and database behind it.
    async fn service_is_ready(&self) {
        eventually("the HTTP service", async || {
            let check = ["exec", "-T", "serve", "/usr/local/bin/assize", "serve", "--check"];
            let checked = self.script("compose", &check).output().await.unwrap();
            checked.status.success()
        })
        .await;
    }

    fn namespace(&self) -> Namespace {
        let mut namespace = Namespace::of(amqp_url(self.amqp_port), postgres_url(self.postgres_port, "assize"));
        // Nothing else is in this broker, and the HTTP service uses the names of the defaults.
        let broker = config::load(None).unwrap().broker;
        namespace.broker = config::BrokerSettings {
            url: namespace.broker.url,
            ..broker
        };
        namespace
    }

    async fn connection(&self) -> PgConnection {
        PgConnection::connect(&postgres_url(self.postgres_port, "assize"))
            .await
            .unwrap()
    }

    async fn has_tables(&self) -> bool {
        let found = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM attempts");
        found.fetch_one(&mut self.connection().await).await.is_ok()
    }

    /// How often each submission was taken in hand.
    async fn attempts(&self) -> Vec<(Uuid, i64)> {
        let counted = "SELECT submission_id, count(*) FROM attempts GROUP BY submission_id";
        sqlx::query_as(counted)
            .fetch_all(&mut self.connection().await)
            .await
            .unwrap()
    }
}

/// Removes everything when this process has ended, however it ended: its standard input closes then.
fn reaper(variables: &[(&'static str, String)]) -> Child {
    let mut command = std::process::Command::new("sh");
    command
        .args([
            "-c",
            "cat >/dev/null; exec docker/compose.sh --profile nsjail down -v -t 0 2>/dev/null",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        // In a group of its own: Ctrl-C on the tests must not reach it.
        .process_group_of_its_own();
    Command::from(command).spawn().unwrap()
}

async fn succeeds(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&stderr);
    assert!(
        status.success(),
        "{command:?}: {}{said}",
        String::from_utf8_lossy(&stdout)
    );
    String::from_utf8(stdout).unwrap()
}

/// Sends these, and gives their verdicts in the same order.
async fn judged(namespace: &Namespace, messages: &[SubmissionMessage]) -> Vec<Judgement> {
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut verdicts = Vec::new();
    for message in messages {
        client.send(message).await.unwrap();
        verdicts.push(verdict(&mut client).await.0);
    }
    verdicts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_backup_outlives_all_services_and_is_not_judged_twice() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (backup, cut_off) = (path("assize.dump"), path("cut-off.dump"));
    let mut installation = Installation::in_directory(directory.path());
    installation.start_services().await;
    let namespace = installation.namespace();
    let messages: Vec<_> = (0..11).map(|_number| to_sum(RIGHT)).collect();
    let (kept, lost) = messages.split_at(8);

    let worker = namespace.ready_worker("before", &[]).await;
    let before = judged(&namespace, kept).await;
    succeeds(&mut installation.script("backup", &[&backup])).await;
    let after_backup = judged(&namespace, lost).await;
    worker.stop().await;
    installation.lose_everything().await;
    installation.start_services().await;

    // A restore that does not come to its end changes nothing, and stops nothing.
    eventually("the tables", async || installation.has_tables().await).await;
    let started = installation.service().await.unwrap();
    let bytes = std::fs::read(&backup).unwrap();
    std::fs::write(&cut_off, &bytes[..bytes.len() / 2]).unwrap();
    let refused = installation.script("restore", &[&cut_off]).output().await.unwrap();
    assert!(!refused.status.success(), "{refused:?}");
    assert_eq!(installation.service().await.as_ref(), Some(&started));
    assert_eq!(installation.attempts().await, []);

    // What an interrupted one has left is no hindrance.
    for name in ["assize_restored", "assize_before"] {
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(create)
            .execute(&mut installation.connection().await)
            .await
            .unwrap();
    }
    succeeds(&mut installation.script("restore", &[&backup])).await;
    assert_ne!(installation.service().await.unwrap(), started);

    let worker = namespace.ready_worker("after", &[]).await;
    installation.service_is_ready().await;
    assert_eq!(judged(&namespace, kept).await, before);
    let again = judged(&namespace, lost).await;
    let ids = |verdicts: &[Judgement]| verdicts.iter().map(|one| one.verdict_id).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&after_backup));
    let mut attempts = installation.attempts().await;
    attempts.sort_unstable();
    let mut once: Vec<_> = messages.iter().map(|message| (message.id, 1)).collect();
    once.sort_unstable();
    assert_eq!(attempts, once);
    worker.stop().await;
    drop(installation.reaper.stdin.take());
    assert!(installation.reaper.wait().await.unwrap().success());
}
