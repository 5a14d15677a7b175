//! Whose a container is, and what may be done with it for that.

use std::time::{Duration, SystemTime};

use assize_docker_box::{BOOT, MARK};
use bollard_stubs::models::{ContainerInspectResponse, ContainerState, ContainerStateStatusEnum};
use humantime::parse_rfc3339;
use hyper::{Method, StatusCode};

use crate::call::{Call, Versioned};
use crate::connections::Connection;
use crate::makers::Maker;
use crate::refusal::{Answer, Refusal};
use crate::relay::answer;
use crate::{DockerProxy, plain, read};

/// How long a box that is over is left to whoever has made it: to be started, or to be asked how it ended.
const LEFT_ALONE: Duration = Duration::from_secs(60);

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
    pub(crate) async fn remove(&self, versioned: Versioned, container: &str, maker: &Maker) -> Result<Answer, Refusal> {
        let id = self.removable(container, maker).await?;
        let target = versioned.with(Call::Remove(id.clone())).target();
        let sent = self.daemon.ask(Method::DELETE, &target, Vec::new()).await?;
        if sent.status().is_success() || sent.status() == StatusCode::NOT_FOUND {
            self.boxes.forget(&id);
        }
        Ok(answer(sent))
    }

    /// The id of a container that may be removed. Its maker removes it at any time. Of a maker that is gone others do, and
    /// of what was not made here, which may be a living worker's too, they remove what was over a while ago.
    async fn removable(&self, container: &str, maker: &Maker) -> Result<String, Refusal> {
        let found = self.boxes.maker_of(container);
        let may_remove = found
            .as_ref()
            .is_some_and(|found| found == maker || !self.makers.is_here(found));
        if let Some(id) = self.boxes.id_of(container).filter(|_id| may_remove) {
            return Ok(id);
        }
        let seen = self.inspect_box(container).await?;
        let is_forgotten = found.is_none() && seen.over_for.is_some_and(|over_for| over_for >= LEFT_ALONE);
        if may_remove || is_forgotten {
            return Ok(seen.id);
        }
        Err(Refusal::forbidden(format!(
            "{container:?} was not made by this worker, and another worker has it or may have it"
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
        let over_for = over_for(&found.state.unwrap_or_default(), found.created.as_deref());
        let id = found
            .id
            .filter(|_id| is_ours)
            .ok_or_else(|| Refusal::unknown(container))?;
        Ok(SeenBox { id, over_for })
    }
}

/// What the daemon says of a box.
struct SeenBox {
    id: String,
    /// Since when nothing runs in it; `None` when something does.
    over_for: Option<Duration>,
}

/// How long ago a container has ended, or was made without being started so far.
fn over_for(state: &ContainerState, created: Option<&str>) -> Option<Duration> {
    let since = match state.status? {
        ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD => state.finished_at.as_deref(),
        ContainerStateStatusEnum::CREATED => created,
        _runs => None,
    };
    let since = parse_rfc3339(since?).ok()?;
    SystemTime::now().duration_since(since).ok()
}
