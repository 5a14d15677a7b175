//! Boxes that are started ahead behave as if they had been made on demand.

use std::sync::Arc;
use std::time::Duration;

use assize::config;
use assize::sandbox::{BoxSpec, DockerSandbox, Pool, Sandbox};
use bollard::Docker;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};
use uuid::Uuid;

/// A pool of its own, and what Docker knows of its boxes.
struct Warmed {
    pool: Pool,
    docker: Docker,
    worker: String,
}

impl Warmed {
    async fn new(warm_boxes: usize) -> Self {
        let settings = config::load(None).unwrap();
        let worker = format!("{}-pool-{}", settings.worker.id, Uuid::new_v4().simple());
        let inner = DockerSandbox::connect(&settings.sandbox.docker, &worker, Duration::from_secs(30))
            .await
            .unwrap();
        let docker = Docker::connect_with_local_defaults().unwrap();
        Self {
            pool: Pool::new(Arc::new(inner), warm_boxes),
            docker,
            worker,
        }
    }

    async fn boxes(&self) -> Vec<String> {
        let filters = [("label".to_owned(), vec![format!("io.assize.worker={}", self.worker)])].into();
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let found = self.docker.list_containers(Some(options)).await.unwrap();
        found.into_iter().filter_map(|container| container.id).collect()
    }

    /// So many boxes in all, so many of them ready to be leased.
    async fn until_there_are(&self, all: usize, ready: usize) {
        let waiting = async {
            while self.boxes().await.len() != all || self.pool.ready() != ready {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting)
            .await
            .expect("the pool does not fill");
    }
}

fn spec(memory_mib: u64, processes: u64) -> BoxSpec {
    BoxSpec {
        image: config::load(None).unwrap().languages["python3"].image.clone(),
        memory_bytes: memory_mib << 20,
        processes,
        cpus: 1,
        scratch_bytes: 16 << 20,
        scratch_inodes: 1024,
        executable_work: false,
        file_bytes: 16 << 20,
        open_files: 64,
        purpose: "test".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leased_box_has_exactly_the_limits_that_were_asked_for() {
    let warmed = Warmed::new(1).await;
    let first = warmed.pool.launch(&spec(128, 20)).await.unwrap();
    warmed.until_there_are(2, 1).await;
    let known = warmed.boxes().await;
    let leased = warmed.pool.launch(&spec(64, 10)).await.unwrap();
    let found = warmed.docker.inspect_container(&leased.id, None).await.unwrap();
    let was_warm = known.contains(found.id.as_ref().unwrap());
    let host = found.host_config.unwrap();
    drop((first, leased));
    warmed.pool.close().await;
    assert!(was_warm, "a box was made although one was warm");
    assert_eq!(
        (host.memory, host.memory_swap, host.pids_limit),
        (Some(64 << 20), Some(64 << 20), Some(10))
    );
    assert!(warmed.boxes().await.is_empty(), "the pool is not empty after its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_box_that_died_is_never_leased_and_no_more_are_kept_than_were_asked_for() {
    let warmed = Warmed::new(2).await;
    drop(warmed.pool.launch(&spec(64, 10)).await.unwrap());
    warmed.until_there_are(2, 2).await;
    let dead = warmed.boxes().await;
    for id in &dead {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        warmed.docker.remove_container(id, Some(options)).await.unwrap();
    }
    let leased = warmed.pool.launch(&spec(64, 10)).await.unwrap();
    let id = warmed
        .docker
        .inspect_container(&leased.id, None)
        .await
        .unwrap()
        .id
        .unwrap();
    warmed.until_there_are(3, 2).await;
    drop(leased);
    warmed.pool.close().await;
    assert!(!dead.contains(&id));
    assert!(warmed.boxes().await.is_empty());
}
