//! Services of one test alone, which may therefore stop them.

use std::net::TcpListener;

use bollard::Docker;
use bollard::query_parameters::{
    RemoveContainerOptionsBuilder, RestartContainerOptionsBuilder, StartContainerOptions, StopContainerOptionsBuilder,
};
use tokio::process::Command;
use uuid::Uuid;

use crate::services::{Container, amqp_answers, amqp_url, postgres, postgres_answers, postgres_url, rabbitmq};

/// Seconds that a service may take to stop before it is killed.
const STOPS_WITHIN: i32 = 10;

/// A RabbitMQ or a PostgreSQL. It keeps its port and its data when it is stopped.
#[derive(Debug)]
pub(crate) struct OwnService {
    docker: Docker,
    container: Container,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Broker,
    Database,
}

impl OwnService {
    pub(crate) async fn broker() -> Self {
        Self::started(Kind::Broker).await
    }

    pub(crate) async fn database() -> Self {
        Self::started(Kind::Database).await
    }

    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Broker => amqp_url(self.container.port),
            Kind::Database => postgres_url(self.container.port, "assize"),
        }
    }

    async fn started(kind: Kind) -> Self {
        let docker = Docker::connect_with_local_defaults().unwrap();
        let container = match kind {
            Kind::Broker => rabbitmq(&docker, free_port()).await,
            Kind::Database => postgres(&docker, free_port()).await,
        };
        let service = Self {
            docker,
            container,
            kind,
        };
        service.answers().await;
        service
    }

    /// Stops it and starts it again; returns before it answers.
    pub(crate) async fn restart(&self) {
        let options = RestartContainerOptionsBuilder::new().t(STOPS_WITHIN).build();
        self.docker
            .restart_container(&self.container.id, Some(options))
            .await
            .unwrap();
    }

    pub(crate) async fn stop(&self) {
        let options = StopContainerOptionsBuilder::new().t(STOPS_WITHIN).build();
        self.docker
            .stop_container(&self.container.id, Some(options))
            .await
            .unwrap();
    }

    pub(crate) async fn start(&self) {
        self.docker
            .start_container(&self.container.id, None::<StartContainerOptions>)
            .await
            .unwrap();
    }

    /// Waits until it can be used.
    pub(crate) async fn answers(&self) {
        match self.kind {
            Kind::Broker => amqp_answers(self.container.port).await,
            Kind::Database => postgres_answers(self.container.port).await,
        }
    }

    /// Runs a command in it.
    pub(crate) async fn run(&self, command: &[&str]) {
        self.output(command).await;
    }

    /// What a command in it prints.
    pub(crate) async fn output(&self, command: &[&str]) -> String {
        self.executed(&[], command).await
    }

    /// Runs a command in it as this user.
    pub(crate) async fn run_as(&self, user: &str, command: &[&str]) {
        self.executed(&["-u", user], command).await;
    }

    async fn executed(&self, options: &[&str], command: &[&str]) -> String {
        let asked = Command::new("docker")
            .arg("exec")
            .args(options)
            .arg(&self.container.id)
            .args(command)
            .output();
        let output = asked.await.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) async fn remove(self) {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        self.docker
            .remove_container(&self.container.id, Some(options))
            .await
            .unwrap();
    }
}

/// A port that no other program is given while its service is stopped: it lies below the kernel's ephemeral ports.
pub(crate) fn free_port() -> u16 {
    const FIRST: u128 = 20_000;
    const PORTS: u128 = 10_000;
    std::iter::repeat_with(|| u16::try_from(FIRST + Uuid::new_v4().as_u128() % PORTS).unwrap())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
