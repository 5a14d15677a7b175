//! The image of the proxy as compose starts it: a program that is built alone, with the features that it asks for
//! itself and none that another crate of the workspace adds.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use assize::config::StreamsOf;
use tempfile::TempDir;

use crate::docker_proxy::{docker, judges_every_kind_through};
use crate::waiting::eventually;

const DOCKER_SOCKET: &str = "/var/run/docker.sock";

/// A container of the proxy, which ends with this.
struct Container {
    id: String,
    /// Where it makes the sockets of boxes.
    volume: String,
    directory: TempDir,
}

impl Container {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // The proxy has a user of its own, and makes its socket here.
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let group = std::fs::metadata(DOCKER_SOCKET).unwrap().gid().to_string();
        let socket = format!("{DOCKER_SOCKET}:{DOCKER_SOCKET}");
        let place = format!("{}:/run/assize", directory.path().display());
        let volume = format!("assize-test-streams-{}", uuid::Uuid::new_v4().simple());
        let (started, said) = docker(
            &[],
            &[
                "run",
                "-d",
                "--label=io.assize.test=docker-proxy",
                "--network=none",
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--group-add",
                &group,
                "--volume",
                &socket,
                "--volume",
                &place,
                "--env=ASSIZE_DOCKER_PROXY_MODE=0666",
                "--volume",
                &format!("{volume}:/streams"),
                "--env=ASSIZE_DOCKER_PROXY_STREAMS_DIRECTORY=/streams",
                &format!("--env=ASSIZE_DOCKER_PROXY_STREAMS_VOLUME={volume}"),
                "assize/docker-proxy:latest",
            ],
        )
        .await;
        assert!(started, "{said}");
        Self {
            id: said.trim().to_owned(),
            volume,
            directory,
        }
    }

    fn host(&self) -> String {
        format!("unix://{}", self.directory.path().join("docker.sock").display())
    }

    /// Waits until the proxy's own check, which compose asks too, is content.
    async fn is_healthy(&self) {
        let check = ["exec", &self.id, "/assize-docker-proxy", "--check"];
        eventually("the proxy is content", async || docker(&[], &check).await.0).await;
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // A test that failed has said so already.
        let _gone = std::process::Command::new("docker")
            .args(["rm", "-f", &self.id])
            .output();
        let _gone = std::process::Command::new("docker")
            .args(["volume", "rm", "-f", &self.volume])
            .output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_image_of_the_proxy_starts_boxes() {
    let container = Container::start().await;
    container.is_healthy().await;
    judges_every_kind_through(&container.host(), "proxy-image", StreamsOf::Daemon).await;
    judges_every_kind_through(&container.host(), "proxy-image-streams", StreamsOf::Proxy).await;
}
