//! RabbitMQ and PostgreSQL in containers of this test run, and a namespace in both for each test.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use assize::store::migrate;
use bollard::Docker;
use bollard::models::{ContainerCreateBody, HostConfig, PortBinding};
use bollard::query_parameters::{CreateContainerOptions, StartContainerOptions};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::waiting::eventually;

pub(crate) const PASSWORD: &str = "only-for-tests";

/// How long a broker that starts may take to shake hands; one that does not is asked again.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the services of this test run are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Services {
    pub(crate) amqp_port: u16,
    pub(crate) postgres_port: u16,
}

static SERVICES: OnceCell<Services> = OnceCell::const_new();

/// A database with the tables of this version and no connection.
const TEMPLATE: &str = "migrated";

/// Whether [`TEMPLATE`] is there.
static MIGRATED: OnceCell<()> = OnceCell::const_new();

/// Removes the containers when this process has ended, however it ended: its standard input closes then.
static CONTAINER_REAPER: Mutex<Option<Child>> = Mutex::new(None);

impl Services {
    /// Started by the first test that asks.
    pub(crate) async fn get() -> Self {
        *SERVICES.get_or_init(start).await
    }

    pub(crate) fn amqp_url(self) -> String {
        amqp_url(self.amqp_port)
    }

    /// A database of its own, with the tables of this version: a copy of one that was migrated, which costs less than
    /// migrating each.
    pub(crate) async fn database(self) -> String {
        MIGRATED
            .get_or_init(async || {
                let template = self.create_database(TEMPLATE, "template1").await;
                let mut connection = PgConnection::connect(&template).await.unwrap();
                migrate(&mut connection, &sqlx::migrate!()).await.unwrap();
                // One that is connected stands in the way of copies.
                connection.close().await.unwrap();
            })
            .await;
        self.create_database(&unused_name(), TEMPLATE).await
    }

    /// One without tables.
    pub(crate) async fn empty_database(self) -> String {
        self.create_database(&unused_name(), "template1").await
    }

    async fn create_database(self, name: &str, template: &str) -> String {
        let mut connection = PgConnection::connect(&postgres_url(self.postgres_port, "postgres"))
            .await
            .unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(format!(
                "CREATE DATABASE {name} TEMPLATE {template}"
            )))
            .await
            .unwrap();
        postgres_url(self.postgres_port, name)
    }
}

fn unused_name() -> String {
    format!("test_{}", Uuid::new_v4().simple())
}

pub(crate) fn amqp_url(port: u16) -> String {
    format!("amqp://assize:{PASSWORD}@127.0.0.1:{port}/%2f")
}

pub(crate) fn postgres_url(port: u16, database: &str) -> String {
    format!("postgres://assize:{PASSWORD}@127.0.0.1:{port}/{database}")
}

async fn start() -> Services {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let (rabbitmq, postgres) = tokio::join!(rabbitmq(&docker, 0), postgres(&docker, 0));
    amqp_answers(rabbitmq.port).await;
    postgres_answers(postgres.port).await;
    Services {
        amqp_port: rabbitmq.port,
        postgres_port: postgres.port,
    }
}

/// A container that is removed when this process has ended, at the latest.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) id: String,
    /// Where it is reached on 127.0.0.1.
    pub(crate) port: u16,
}

/// A RabbitMQ behind this port of the host; 0: behind any.
pub(crate) async fn rabbitmq(docker: &Docker, host_port: u16) -> Container {
    let account = [("RABBITMQ_DEFAULT_USER", "assize"), ("RABBITMQ_DEFAULT_PASS", PASSWORD)];
    container(docker, "assize/rabbitmq:4", "5672/tcp", host_port, &account).await
}

/// A PostgreSQL behind this port of the host; 0: behind any.
pub(crate) async fn postgres(docker: &Docker, host_port: u16) -> Container {
    let account = [
        ("POSTGRES_USER", "assize"),
        ("POSTGRES_PASSWORD", PASSWORD),
        ("POSTGRES_DB", "assize"),
        // Each connection logs in, and 4,096 rounds are there to make passwords costly to guess.
        ("POSTGRES_INITDB_ARGS", "--set scram_iterations=1"),
    ];
    container(docker, "assize/postgres:17", "5432/tcp", host_port, &account).await
}

pub(crate) async fn amqp_answers(port: u16) {
    eventually("RabbitMQ", async || {
        let url = amqp_url(port);
        let connecting = lapin::Connection::connect(&url, lapin::ConnectionProperties::default());
        tokio::time::timeout(ANSWER_TIMEOUT, connecting)
            .await
            .is_ok_and(|connected| connected.is_ok())
    })
    .await;
}

pub(crate) async fn postgres_answers(port: u16) {
    eventually("PostgreSQL", async || {
        PgConnection::connect(&postgres_url(port, "assize")).await.is_ok()
    })
    .await;
}

async fn container(
    docker: &Docker,
    image: &str,
    port: &str,
    host_port: u16,
    environment: &[(&str, &str)],
) -> Container {
    let binding = PortBinding {
        host_ip: Some("127.0.0.1".to_owned()),
        host_port: Some(host_port.to_string()),
    };
    let request = ContainerCreateBody {
        image: Some(image.to_owned()),
        hostname: Some("services".to_owned()),
        env: Some(
            environment
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect(),
        ),
        labels: Some(HashMap::from([("io.assize.test".to_owned(), "services".to_owned())])),
        exposed_ports: Some(vec![port.to_owned()]),
        host_config: Some(HostConfig {
            port_bindings: Some(HashMap::from([(port.to_owned(), Some(vec![binding]))])),
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = docker
        .create_container(None::<CreateContainerOptions>, request)
        .await
        .unwrap_or_else(|error| panic!("cannot make a container of {image}: {error}; build it with `make images`"));
    remove_at_the_end(&created.id);
    docker
        .start_container(&created.id, None::<StartContainerOptions>)
        .await
        .unwrap();
    let found = docker.inspect_container(&created.id, None).await.unwrap();
    let ports = found.network_settings.unwrap().ports.unwrap();
    let bound = ports[port].as_ref().unwrap()[0].host_port.as_ref().unwrap();
    Container {
        id: created.id,
        port: bound.parse().unwrap(),
    }
}

pub(crate) fn remove_at_the_end(id: &str) {
    let mut reaper = CONTAINER_REAPER.lock().unwrap();
    let process = reaper.get_or_insert_with(|| {
        Command::new("sh")
            .args([
                "-c",
                "ids=$(cat); docker rm -fv $ids 2>&1 >/dev/null | grep -v 'No such container' >&2",
            ])
            .stdin(Stdio::piped())
            // In a group of its own: Ctrl-C on the tests must not reach it.
            .process_group_of_its_own()
            .spawn()
            .unwrap()
    });
    writeln!(process.stdin.as_mut().unwrap(), "{id}").unwrap();
}

pub(crate) trait OwnGroup {
    fn process_group_of_its_own(&mut self) -> &mut Self;
}

impl OwnGroup for Command {
    fn process_group_of_its_own(&mut self) -> &mut Self {
        std::os::unix::process::CommandExt::process_group(self, 0)
    }
}
