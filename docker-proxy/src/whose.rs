//! Whose a container is, and what may be done with it for that.

use assize_docker_box::{BOOT, MARK};
use bollard_stubs::models::ContainerInspectResponse;
use hyper::{Method, StatusCode};

use crate::call::Call;
use crate::refusal::Refusal;
use crate::{DockerProxy, plain, read};

impl DockerProxy {
    /// The id of a container that was made here.
    pub(crate) fn made_here(&self, container: &str) -> Result<String, Refusal> {
        self.boxes.id_of(container).ok_or_else(|| Refusal::unknown(container))
    }

    /// The id of a container that is a box of any worker.
    pub(crate) async fn one_of_ours(&self, container: &str) -> Result<String, Refusal> {
        if let Some(id) = self.boxes.id_of(container) {
            return Ok(id);
        }
        Ok(self.inspect_box(container).await?.0)
    }

    /// The same for a container that may be removed: one that was made here, or that has ended. What runs and was not made
    /// here belongs to a worker that lives.
    pub(crate) async fn removable(&self, container: &str) -> Result<String, Refusal> {
        if let Some(id) = self.boxes.id_of(container) {
            return Ok(id);
        }
        let (id, runs) = self.inspect_box(container).await?;
        if runs {
            return Err(Refusal::forbidden(format!(
                "{container:?} runs and was not made here, so another worker has it"
            )));
        }
        Ok(id)
    }

    /// The id of a box, and whether it runs.
    async fn inspect_box(&self, container: &str) -> Result<(String, bool), Refusal> {
        let inspect = plain(Call::Inspect(container.to_owned())).target();
        let found = self.daemon.ask(Method::GET, &inspect, Vec::new()).await?;
        match found.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(Refusal::unknown(container)),
            other => return Err(Refusal::unreachable(format!("it answers {other}"))),
        }
        let found: ContainerInspectResponse = read(found).await?;
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let is_ours = labels.contains_key(MARK) && labels.contains_key(BOOT);
        let state = found.state.unwrap_or_default();
        let runs = state.running.unwrap_or(true) || state.paused.unwrap_or(false);
        let id = found.id.filter(|_id| is_ours);
        id.map(|id| (id, runs)).ok_or_else(|| Refusal::unknown(container))
    }
}
