//! An empty network namespace for each slot and role, which its boxes join one after the other.
//!
//! Making a namespace is half of the start of a box. A container that does nothing but wait (a pause container) keeps
//! one. Neither slots nor the boxes of a submission and of its validator share one: loopback and abstract sockets are
//! per namespace (`unix(7)`). It is a box itself, with a runner that is asked nothing; so it ends with its worker, and
//! what is left of it is swept like every box.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use assize_docker_box::NETWORK_PURPOSE;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::OnceCell;

use crate::sandbox::{BoxRole, BoxSpec, LaunchError, LiveBox, SlotPlacement};

/// Memory and processes of a container that waits. A container runtime does not start with less than some MB.
const MEMORY_BYTES: u64 = 16 << 20;
const PROCESSES: u64 = 4;

/// Whose boxes share a namespace, one after the other.
type Tenant = (usize, BoxRole);

/// The container of one tenant, made when it is first needed.
type SharedPause = Arc<OnceCell<Arc<PauseContainer>>>;

#[derive(Debug)]
struct PauseContainer {
    network: String,
    /// It lives as long as this.
    container: Mutex<LiveBox>,
}

/// A container in which no program ever ran: when it has ended too, the host has ended both.
#[derive(Debug, Clone)]
pub(super) struct Witness(Weak<PauseContainer>);

impl Witness {
    /// Whether it has ended, or was given up for that.
    pub(super) fn has_ended(&self) -> bool {
        let Some(pause) = self.0.upgrade() else {
            return true;
        };
        let mut container = pause.container.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match container.output.next().now_or_never() {
                None => return false,
                Some(Some(Ok(_output))) => {}
                Some(None | Some(Err(_))) => return true,
            }
        }
    }
}

/// The network namespaces that are kept.
#[derive(Debug, Default)]
pub(super) struct Networks(Mutex<HashMap<Tenant, SharedPause>>);

impl Networks {
    /// The container whose network namespace boxes like `spec` join; `make` starts one where there is none.
    pub(super) async fn of<F>(&self, spec: &BoxSpec, make: impl FnOnce() -> F) -> Result<(String, Witness), LaunchError>
    where
        F: Future<Output = Result<LiveBox, LaunchError>>,
    {
        let shared = Arc::clone(self.pauses().entry(tenant(spec)).or_default());
        let make = async || {
            let container = make().await?;
            Ok::<_, LaunchError>(Arc::new(PauseContainer {
                network: format!("container:{}", container.id),
                container: Mutex::new(container),
            }))
        };
        let pause = shared.get_or_try_init(make).await?;
        Ok((pause.network.clone(), Witness(Arc::downgrade(pause))))
    }

    /// The one for boxes like `spec` may be dead.
    pub(super) fn forget(&self, spec: &BoxSpec) {
        self.pauses().remove(&tenant(spec));
    }

    /// Gives them all up.
    pub(super) fn clear(&self) {
        self.pauses().clear();
    }

    fn pauses(&self) -> std::sync::MutexGuard<'_, HashMap<Tenant, SharedPause>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tenant(spec: &BoxSpec) -> Tenant {
    (spec.placement.slot, spec.role)
}

/// A container of the box's own environment that waits.
pub(super) fn waiting(spec: &BoxSpec) -> BoxSpec {
    BoxSpec {
        memory_bytes: MEMORY_BYTES,
        processes: PROCESSES,
        scratch_bytes: 4096,
        scratch_inodes: 1,
        executable_work: false,
        placement: SlotPlacement {
            slot: spec.placement.slot,
            cpuset: String::new(),
        },
        zygote: None,
        purpose: NETWORK_PURPOSE.to_owned(),
        ..spec.clone()
    }
}
