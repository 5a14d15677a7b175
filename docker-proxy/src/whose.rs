//! Whose a container is, and what may be done with it for that.

use std::sync::Arc;
use std::time::Duration;

use assize_docker_box::{BOOT, MARK, over_for};
use bollard_stubs::models::ContainerInspectResponse;
use hyper::{Method, StatusCode};

use crate::boxes::Known;
use crate::call::{Call, Versioned};
use crate::connections::Connection;
use crate::makers::Maker;
use crate::making::to_the_end;
use crate::refusal::{Answer, Refusal};
use crate::relay::answer;
use crate::{DockerProxy, plain, read};

/// How long a box that is over is left to the worker that has made it: to be started, or to be asked how it ended.
const LEFT_ALONE: Duration = Duration::from_secs(60);

impl DockerProxy {
    /// The id of a container that this worker has made here. No other one attaches to it, starts it or changes it.
    pub(crate) fn made_by(&self, maker: &Maker, container: &str, connection: &Connection) -> Result<String, Refusal> {
        match self.boxes.find(container) {
            None => Err(Refusal::unknown(container)),
            Some(Known::Making) => Err(still_being_made(container)),
            Some(Known::Made { id, maker: found }) if found == *maker => {
                connection.is_of(maker, &self.makers);
                Ok(id)
            }
            Some(Known::Made { .. }) => Err(of_another_worker(container)),
        }
    }

    /// The id of a container that is a box of any worker.
    pub(crate) async fn one_of_ours(&self, container: &str) -> Result<String, Refusal> {
        match self.boxes.find(container) {
            Some(Known::Made { id, .. }) => Ok(id),
            _ => Ok(self.inspect_box(container).await?.id),
        }
    }

    /// Removes a box, if this worker may. That goes on when its client goes away.
    pub(crate) async fn remove(
        self: &Arc<Self>,
        versioned: Versioned,
        container: &str,
        maker: &Maker,
        place: Arc<Connection>,
    ) -> Result<Answer, Refusal> {
        let id = self.removable(container, maker).await?;
        let proxy = Arc::clone(self);
        to_the_end(place, async move {
            let target = versioned.with(Call::Remove(id.clone())).target();
            let sent = proxy.daemon.ask(Method::DELETE, &target, Vec::new()).await?;
            if sent.status().is_success() || sent.status() == StatusCode::NOT_FOUND {
                proxy.boxes.forget(&id);
            }
            Ok(answer(sent))
        })
        .await
    }

    /// The id of a container that may be removed. Its maker removes it at any time. Of a maker that is gone others do, and
    /// of what was not made here, which may be a living worker's too, they remove what was over a while ago.
    async fn removable(&self, container: &str, maker: &Maker) -> Result<String, Refusal> {
        match self.boxes.find(container) {
            Some(Known::Making) => return Err(still_being_made(container)),
            Some(Known::Made { id, maker: found }) => {
                return match found == *maker || !self.makers.is_here(&found) {
                    true => Ok(id),
                    false => Err(of_another_worker(container)),
                };
            }
            None => {}
        }
        let seen = self.inspect_box(container).await?;
        if seen.over_for.is_some_and(|over_for| over_for >= LEFT_ALONE) {
            return Ok(seen.id);
        }
        Err(Refusal::forbidden(format!(
            "{container:?} was not made here, so another worker has it or may have it"
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
        let over_for = over_for(&found);
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let is_ours = labels.contains_key(MARK) && labels.contains_key(BOOT);
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

fn of_another_worker(container: &str) -> Refusal {
    Refusal::forbidden(format!("another worker has {container:?}"))
}

fn still_being_made(container: &str) -> Refusal {
    Refusal::conflict(format!("{container:?} is still being made"))
}
