//! An empty network namespace for each slot, which its boxes join one after the other.
//!
//! Making a namespace is half of the start of a box. A container that does nothing but wait keeps one per slot. Slots
//! never share one: loopback and abstract sockets are per namespace. It is a box itself, with a runner that nobody asks
//! anything; so it ends with its worker, and what is left of it is swept like every box.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::OnceCell;

use crate::sandbox::{BoxSpec, LaunchError, LiveBox, SlotPlacement};

/// Memory and processes of a container that waits. A container runtime does not start with less than some MB.
const MEMORY_BYTES: u64 = 16 << 20;
const PROCESSES: u64 = 4;

/// Purpose of these containers, in their label.
pub(super) const PURPOSE: &str = "network";

/// The container of one slot.
type Keeper = Arc<OnceCell<Arc<Kept>>>;

#[derive(Debug)]
struct Kept {
    network: String,
    /// It lives as long as this.
    live: Mutex<LiveBox>,
}

/// A container in which no program ever ran: when it has ended too, the host has ended both.
#[derive(Debug, Clone)]
pub(super) struct Witness(Weak<Kept>);

impl Witness {
    /// Whether it has ended, or was given up for that.
    pub(super) fn has_ended(&self) -> bool {
        let Some(kept) = self.0.upgrade() else {
            return true;
        };
        let mut live = kept.live.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match live.output.next().now_or_never() {
                None => return false,
                Some(Some(Ok(_said))) => {}
                Some(None | Some(Err(_))) => return true,
            }
        }
    }
}

/// The network namespaces that are kept, by slot.
#[derive(Debug, Default)]
pub(super) struct Networks(Mutex<HashMap<usize, Keeper>>);

impl Networks {
    /// The container whose network namespace the boxes of a slot join; `make` starts one where there is none.
    pub(super) async fn of<F>(&self, slot: usize, make: impl FnOnce() -> F) -> Result<(String, Witness), LaunchError>
    where
        F: Future<Output = Result<LiveBox, LaunchError>>,
    {
        let keeper = Arc::clone(self.keepers().entry(slot).or_default());
        let make = async || {
            let live = make().await?;
            Ok::<_, LaunchError>(Arc::new(Kept {
                network: format!("container:{}", live.id),
                live: Mutex::new(live),
            }))
        };
        let kept = keeper.get_or_try_init(make).await?;
        Ok((kept.network.clone(), Witness(Arc::downgrade(kept))))
    }

    /// The one of this slot may be dead.
    pub(super) fn forget(&self, slot: usize) {
        self.keepers().remove(&slot);
    }

    /// Gives them all up.
    pub(super) fn clear(&self) {
        self.keepers().clear();
    }

    fn keepers(&self) -> std::sync::MutexGuard<'_, HashMap<usize, Keeper>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A container of the box's own image that waits.
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
        purpose: PURPOSE.to_owned(),
        ..spec.clone()
    }
}
