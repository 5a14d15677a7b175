//! Boxes that are started ahead behave as if they had been made on demand, and slots keep to their CPUs.

use assize::config::{self, Settings};
use assize::judge::{Judge, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::{BoxRole, BoxSpec, Pool, PoolPlan, open_backend, share_out};
use bollard::Docker;
use bollard::models::HostConfig;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};
use std::sync::Arc;
use uuid::Uuid;

use crate::waiting::eventually;

/// A pool of its own, and what Docker knows of its boxes.
struct Warmed {
    pool: Arc<Pool>,
    settings: Settings,
    docker: Docker,
}

impl Warmed {
    async fn new(slots: usize, warm_boxes: usize) -> Self {
        let mut settings = config::load(None).unwrap();
        settings.worker.id = format!("{}-pool-{}", settings.worker.id, Uuid::new_v4().simple());
        let slots = share_out(&settings.sandbox, slots).unwrap().slots;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, warm_boxes)
            .await
            .unwrap();
        Self {
            pool: Arc::new(pool),
            settings,
            docker: Docker::connect_with_local_defaults().unwrap(),
        }
    }

    /// Boxes of this pool, without the containers that keep a network namespace.
    async fn boxes(&self) -> Vec<String> {
        let worker = format!("io.assize.worker={}", self.settings.worker.id);
        let filters = [("label".to_owned(), vec![worker])].into();
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let found = self.docker.list_containers(Some(options)).await.unwrap();
        let boxes = found
            .into_iter()
            .filter(|container| container.labels.as_ref().unwrap()["io.assize.purpose"] != "network");
        boxes.filter_map(|container| container.id).collect()
    }

    async fn id_of(&self, name: &str) -> String {
        let found = self.docker.inspect_container(name, None).await.unwrap();
        found.id.unwrap()
    }

    async fn host_config(&self, name: &str) -> HostConfig {
        let found = self.docker.inspect_container(name, None).await.unwrap();
        found.host_config.unwrap()
    }

    /// So many boxes in all, so many of them ready to be leased.
    async fn cpus_network_and_user(&self, name: &str) -> (String, String, String) {
        let found = self.docker.inspect_container(name, None).await.unwrap();
        let host = found.host_config.unwrap();
        (
            host.cpuset_cpus.unwrap(),
            host.network_mode.unwrap(),
            found.config.unwrap().user.unwrap(),
        )
    }

    async fn until_there_are(&self, all: usize, ready: usize) {
        eventually("the pool is full", async || {
            self.boxes().await.len() == all && self.pool.ready() == ready
        })
        .await;
    }

    async fn close(self) {
        self.pool.close().await;
        assert!(self.boxes().await.is_empty(), "the pool is not empty after its end");
    }
}

/// The box of a Python submission with these limits.
fn spec(settings: &Settings, memory_mib: u64, processes: u64) -> BoxSpec {
    let mut settings = settings.clone();
    settings.limits.default.memory_bytes = memory_mib << 20;
    settings.limits.default.processes = processes;
    let problems = ProblemStore::open(&settings.problems).unwrap();
    let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
    let pool = Pool::new(
        backend.into(),
        &PoolPlan::new(&settings.sandbox, vec![String::new()], 0),
    );
    let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::new(pool), problems);
    judge.expected_box(&settings.judge.default_language).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leased_box_has_exactly_the_limits_that_were_asked_for() {
    let warmed = Warmed::new(1, 1).await;
    warmed.pool.expect(&spec(&warmed.settings, 128, 20));
    warmed.until_there_are(1, 1).await;
    let known = warmed.boxes().await;
    let slot = warmed.pool.slot().await;
    let asked = spec(&warmed.settings, 64, 10);
    let leased = warmed.pool.lease(&slot, &asked).await.unwrap();
    let (id, host) = (warmed.id_of(leased.id()).await, warmed.host_config(leased.id()).await);
    assert!(known.contains(&id), "a box was made although one was warm");
    assert_eq!(
        (host.memory, host.memory_swap, host.pids_limit),
        (
            Some(64 << 20),
            Some(64 << 20),
            Some(asked.all_processes().cast_signed())
        )
    );
    drop(leased);
    warmed.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_box_that_died_is_never_leased_and_no_more_are_kept_than_were_asked_for() {
    let warmed = Warmed::new(1, 2).await;
    let spec = spec(&warmed.settings, 64, 10);
    let slot = warmed.pool.slot().await;
    // Nothing is warm yet, so the pool learns that one box is too few.
    drop(warmed.pool.lease(&slot, &spec).await.unwrap());
    warmed.until_there_are(2, 2).await;
    let dead = warmed.boxes().await;
    for id in &dead {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        warmed.docker.remove_container(id, Some(options)).await.unwrap();
    }
    let leased = warmed.pool.lease(&slot, &spec).await.unwrap();
    assert!(!dead.contains(&warmed.id_of(leased.id()).await));
    warmed.until_there_are(3, 2).await;
    drop(leased);
    warmed.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_boxes_of_each_slot_keep_to_the_slot_s_cpus_and_network() {
    let warmed = Warmed::new(2, 0).await;
    let spec = spec(&warmed.settings, 64, 10);
    let slots = [warmed.pool.slot().await, warmed.pool.slot().await];
    assert!(warmed.pool.idle_slot().is_none(), "both slots are in use");
    let mut seen = Vec::new();
    let of_validator = BoxSpec {
        role: BoxRole::Validator,
        ..spec.clone()
    };
    let mut of_validators = Vec::new();
    for slot in &slots {
        for _ in 0..2 {
            let leased = warmed.pool.lease(slot, &spec).await.unwrap();
            seen.push(warmed.cpus_network_and_user(leased.id()).await);
        }
        let leased = warmed.pool.lease(slot, &of_validator).await.unwrap();
        of_validators.push(warmed.cpus_network_and_user(leased.id()).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[2], seen[3]);
    assert_ne!(seen[0].0, seen[2].0, "two slots share a CPU");
    assert_ne!(seen[0].1, seen[2].1, "two slots share a network namespace");
    assert!(seen[0].1.starts_with("container:"));
    for (submission, validator) in [(&seen[0], &of_validators[0]), (&seen[2], &of_validators[1])] {
        assert_eq!(submission.0, validator.0, "they take turns on the CPUs of their slot");
        assert_ne!(
            submission.1, validator.1,
            "a submission shares a network namespace with its validator"
        );
        assert_ne!(
            submission.2, validator.2,
            "a submission is the same user as its validator"
        );
    }
    drop(slots);
    warmed.close().await;
}
