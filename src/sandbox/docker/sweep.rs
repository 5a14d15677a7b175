//! Removes the boxes of workers that died.
//!
//! A runner ends when its worker hangs up, and a worker that is killed hangs up. So a box of a dead worker ends by
//! itself and what is left is a container that has ended, while a living worker removes its own within moments. A
//! container of ours that ended a while ago belongs to nobody, whoever made it; one that runs is never touched.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error as DockerError;
use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};
use jiff::Timestamp;

use crate::telemetry::metrics;

/// Label that every box has, and no other container.
pub(super) const LABEL: &str = "io.assize.boot";

/// Removes boxes that ended, or were made and never started, at least `after` ago; gives their number.
pub(super) async fn sweep(docker: &Docker, after: Duration) -> Result<usize, DockerError> {
    let filters = [
        ("label".to_owned(), vec![LABEL.to_owned()]),
        (
            "status".to_owned(),
            ["created", "exited", "dead"].map(str::to_owned).to_vec(),
        ),
    ];
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters.into())
        .build();
    let mut removed = 0;
    for id in docker
        .list_containers(Some(options))
        .await?
        .into_iter()
        .filter_map(|found| found.id)
    {
        let found = match docker.inspect_container(&id, None).await {
            Ok(found) => found,
            Err(DockerError::DockerResponseServerError { status_code: 404, .. }) => continue,
            Err(error) => return Err(error),
        };
        if is_forgotten(&found, after) && remove(docker, &id).await? {
            metrics().boxes_removed.inc();
            removed += 1;
        }
    }
    Ok(removed)
}

fn is_forgotten(found: &ContainerInspectResponse, after: Duration) -> bool {
    let Some(state) = &found.state else {
        return false;
    };
    let since = match state.status {
        Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD) => state.finished_at.as_deref(),
        Some(ContainerStateStatusEnum::CREATED) => found.created.as_deref(),
        _ => None,
    };
    let Some(since) = since.and_then(|since| since.parse::<Timestamp>().ok()) else {
        return false;
    };
    let age = Timestamp::now().duration_since(since);
    Duration::try_from(age).is_ok_and(|age| age >= after)
}

async fn remove(docker: &Docker, id: &str) -> Result<bool, DockerError> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match docker.remove_container(id, Some(options)).await {
        Ok(()) => Ok(true),
        // Somebody else was faster, or is at it.
        Err(DockerError::DockerResponseServerError {
            status_code: 404 | 409, ..
        }) => Ok(false),
        Err(error) => Err(error),
    }
}
