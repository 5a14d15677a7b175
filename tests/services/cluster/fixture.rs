//! The cluster of `deploy/cluster`, for one test alone, and what can be done to its parts.

use std::process::{Output, Stdio};

use bollard::Docker;
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::own::free_port;
use crate::services::{OwnGroup as _, PASSWORD, amqp_url, postgres_url};
use crate::waiting::eventually;

pub(super) const NODES: usize = 3;

/// What fills the disk of the node that has a small one, but for less than RabbitMQ wants to have free.
const FILLED_MIB: usize = 225;

const FILES: [&str; 2] = [
    "deploy/cluster/docker-compose.yml",
    "tests/services/cluster/small_disk.yml",
];

/// Three nodes of RabbitMQ, and PostgreSQL with a standby.
#[derive(Debug)]
pub(super) struct Cluster {
    project: String,
    amqp_ports: [u16; NODES],
    postgres_ports: [u16; 2],
    /// Removes everything when its standard input closes, however this process ends.
    reaper: Child,
}

impl Cluster {
    pub(super) async fn start() -> Self {
        let project = format!("assize-test-{}", Uuid::new_v4().simple());
        let amqp_ports = std::array::from_fn(|_| free_port());
        let postgres_ports = std::array::from_fn(|_| free_port());
        let reaper = reaper(&project);
        let mut command = compose(&project);
        for (number, port) in (1..).zip(amqp_ports) {
            command.env(format!("ASSIZE_RABBITMQ_{number}_PORT"), port.to_string());
        }
        for (number, port) in (1..).zip(postgres_ports) {
            command.env(format!("ASSIZE_POSTGRES_{number}_PORT"), port.to_string());
        }
        succeeds(command.args(["up", "-d", "--wait"])).await;
        let cluster = Self {
            project,
            amqp_ports,
            postgres_ports,
            reaper,
        };
        cluster.is_whole().await;
        cluster
    }

    /// Where workers and sites find the nodes.
    pub(super) fn amqp_urls(&self) -> Vec<String> {
        self.amqp_ports.iter().map(|port| amqp_url(*port)).collect()
    }

    /// Both hosts of the database in one URL.
    pub(super) fn database(&self) -> String {
        let [one, other] = self.postgres_ports;
        let url = postgres_url(one, "assize?target_session_attrs=read-write");
        url.replace(&format!(":{one}/"), &format!(":{one},127.0.0.1:{other}/"))
    }

    /// The primary of the start and its standby, each alone.
    pub(super) fn databases(&self) -> [String; 2] {
        self.postgres_ports.map(|port| postgres_url(port, "assize"))
    }

    pub(super) async fn docker(&self, verb: &[&str], service: &str) {
        succeeds(Command::new("docker").args(verb).arg(self.container(service))).await;
    }

    pub(super) async fn run_in(&self, service: &str, command: &[&str]) {
        succeeds(&mut self.executing(service, command)).await;
    }

    /// No packet goes between this node and the others any more; its clients still reach it.
    pub(super) async fn cut_off(&self, number: usize) {
        let others = (1..=NODES).filter(|other| *other != number);
        for other in others {
            let address = self.address(&node(other)).await;
            for (chain, side) in [("INPUT", "-s"), ("OUTPUT", "-d")] {
                self.packet_filter(number, &["-A", chain, side, &address, "-j", "DROP"])
                    .await;
            }
        }
    }

    pub(super) async fn join_again(&self, number: usize) {
        self.packet_filter(number, &["-F"]).await;
    }

    /// The node that has a small disk has no room any more.
    pub(super) async fn fill_disk(&self) {
        let (size, count) = ("bs=1M", format!("count={FILLED_MIB}"));
        let fill = ["dd", "if=/dev/zero", "of=/var/lib/rabbitmq/filling", size, &count];
        // Where less is free than that, the disk is full all the same.
        drop(self.executing(&node(NODES), &fill).output().await.unwrap());
        eventually("the alarm of the disk", async || !self.is_without_alarm().await).await;
    }

    pub(super) async fn empty_disk(&self) {
        self.run_in(&node(NODES), &["rm", "/var/lib/rabbitmq/filling"]).await;
        eventually("no alarm", async || self.is_without_alarm().await).await;
    }

    /// Waits until every node is a running member, and every queue has so many members that any node may fail.
    pub(super) async fn is_whole(&self) {
        for number in 1..=NODES {
            let node = node(number);
            let checks: [&[&str]; 2] = [
                &["rabbitmqctl", "-q", "await_online_nodes", "3", "--timeout", "20"],
                &["rabbitmq-queues", "-q", "check_if_node_is_quorum_critical"],
            ];
            for check in checks {
                let what = format!("{node}: {}", check.join(" "));
                eventually(&what, async || self.is_so(&node, check).await).await;
            }
        }
    }

    pub(super) async fn remove(mut self) {
        drop(self.reaper.stdin.take());
        assert!(self.reaper.wait().await.unwrap().success());
    }

    async fn is_without_alarm(&self) -> bool {
        self.is_so(&node(NODES), &["rabbitmq-diagnostics", "-q", "check_local_alarms"])
            .await
    }

    async fn is_so(&self, service: &str, command: &[&str]) -> bool {
        self.executing(service, command)
            .output()
            .await
            .unwrap()
            .status
            .success()
    }

    fn executing(&self, service: &str, command: &[&str]) -> Command {
        let mut executing = Command::new("docker");
        executing.arg("exec").arg(self.container(service)).args(command);
        executing
    }

    fn container(&self, service: &str) -> String {
        format!("{}-{service}-1", self.project)
    }

    async fn address(&self, service: &str) -> String {
        let docker = Docker::connect_with_local_defaults().unwrap();
        let found = docker.inspect_container(&self.container(service), None).await.unwrap();
        let networks = found.network_settings.unwrap().networks.unwrap();
        networks.into_values().next().unwrap().ip_address.unwrap()
    }

    /// In the network of the container, which has no such program itself.
    async fn packet_filter(&self, number: usize, rule: &[&str]) {
        let docker = Docker::connect_with_local_defaults().unwrap();
        let found = docker
            .inspect_container(&self.container(&node(number)), None)
            .await
            .unwrap();
        let pid = found.state.unwrap().pid.unwrap().to_string();
        let mut command = Command::new("nsenter");
        command.args(["-t", &pid, "-n", "iptables"]).args(rule);
        succeeds(&mut command).await;
    }
}

pub(super) fn node(number: usize) -> String {
    format!("rabbitmq-{number}")
}

fn compose(project: &str) -> Command {
    let mut command = Command::new("docker/compose.sh");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["-p", project])
        .args(FILES.iter().flat_map(|file| ["-f", file]));
    for name in ["RABBITMQ_PASSWORD", "RABBITMQ_COOKIE", "POSTGRES_PASSWORD"] {
        command.env(format!("ASSIZE_{name}"), PASSWORD);
    }
    command
}

fn reaper(project: &str) -> Child {
    let removal = compose(project);
    let removal = removal.as_std();
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "cat >/dev/null; exec \"$0\" \"$@\" down -v -t 0 2>/dev/null"])
        .arg(removal.get_program())
        .args(removal.get_args())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .envs(removal.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::piped())
        // In a group of its own: Ctrl-C on the tests must not reach it.
        .process_group_of_its_own();
    Command::from(command).spawn().unwrap()
}

async fn succeeds(command: &mut Command) {
    let Output { status, stderr, .. } = command.output().await.unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
}
