//! What the Docker Engine of this machine says about the boxes of a worker.

use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;

/// Ids of the containers that carry a worker's name, whatever their state.
pub(crate) async fn containers_of(worker: &str) -> Vec<String> {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let filters = [("label".to_owned(), vec![format!("io.assize.worker={worker}")])].into();
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    let found = docker.list_containers(Some(options)).await.unwrap();
    found.into_iter().filter_map(|container| container.id).collect()
}
