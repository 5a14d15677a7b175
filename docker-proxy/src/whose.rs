//! Whose a container is, and what may be done with it for that.

use assize_docker_box::{BOOT, MARK};
use bollard_stubs::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use hyper::{Method, StatusCode};

use crate::call::{Call, Versioned};
use crate::connections::Connection;
use crate::makers::Maker;
use crate::refusal::{Answer, Refusal};
use crate::relay::answer;
use crate::{DockerProxy, plain, read};

impl DockerProxy {
    /// The id of a container that this worker has made here. No other one attaches to it, starts it or changes it.
    pub(crate) fn made_by(&self, maker: &Maker, container: &str, connection: &Connection) -> Result<String, Refusal> {
        let id = self.boxes.id_of(container).ok_or_else(|| Refusal::unknown(container))?;
        if self.boxes.maker_of(container).as_ref() == Some(maker) {
            connection.is_of(maker, &self.makers);
            return Ok(id);
        }
        Err(Refusal::forbidden(format!("another worker has {container:?}")))
    }

    /// The id of a container that is a box of any worker.
    pub(crate) async fn one_of_ours(&self, container: &str) -> Result<String, Refusal> {
        if let Some(id) = self.boxes.id_of(container) {
            return Ok(id);
        }
        Ok(self.inspect_box(container).await?.id)
    }

    /// Removes a box, if this worker may.
    pub(crate) async fn remove(
        &self,
        mut versioned: Versioned,
        container: &str,
        maker: &Maker,
    ) -> Result<Answer, Refusal> {
        let ours = self.removable(container, maker).await;
        let forget_unknown = |refusal: &Refusal| {
            // What is still to come is not removed by another call.
            if refusal.is_unknown() && self.boxes.maker_of(container).as_ref() == Some(maker) {
                self.boxes.forget(container);
            }
        };
        versioned.call = Call::Remove(ours.inspect_err(forget_unknown)?);
        let sent = self.daemon.ask(Method::DELETE, &versioned.target(), Vec::new()).await?;
        if sent.status().is_success() || sent.status() == StatusCode::NOT_FOUND {
            self.boxes.forget(container);
        }
        Ok(answer(sent))
    }

    /// The id of a container that may be removed. Others than its maker remove what has ended, and of one that is gone
    /// everything. What was not made here may be a living worker's too: it is removed once it does not run.
    async fn removable(&self, container: &str, maker: &Maker) -> Result<String, Refusal> {
        let found = self.boxes.maker_of(container);
        let may_remove = found
            .as_ref()
            .is_some_and(|found| found == maker || !self.makers.is_here(found));
        if let Some(id) = self.boxes.id_of(container).filter(|_id| may_remove) {
            return Ok(id);
        }
        let seen = self.inspect_box(container).await?;
        let is_over = match found {
            Some(_living) => seen.has_ended,
            None => !seen.runs,
        };
        if is_over {
            return Ok(seen.id);
        }
        Err(Refusal::forbidden(format!(
            "{container:?} has not ended and was not made by this worker, so another worker has it"
        )))
    }

    /// A box, and what state it is in.
    async fn inspect_box(&self, container: &str) -> Result<SeenBox, Refusal> {
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
        let ends = [ContainerStateStatusEnum::EXITED, ContainerStateStatusEnum::DEAD];
        let has_ended = state.status.is_some_and(|status| ends.contains(&status));
        let id = found
            .id
            .filter(|_id| is_ours)
            .ok_or_else(|| Refusal::unknown(container))?;
        Ok(SeenBox { id, runs, has_ended })
    }
}

/// What the daemon says of a box.
struct SeenBox {
    id: String,
    runs: bool,
    /// It was started, and runs no more.
    has_ended: bool,
}
