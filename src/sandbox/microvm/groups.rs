//! Control groups around machines: what the program that runs one may take of the host, whatever it has become.
//!
//! A worker has a group below the one that the settings name, and in it one for each machine. Its name is that of the
//! worker's directory, so what a dead worker has left is found with that.

use std::io;
use std::sync::Arc;

use assize_control_groups::{BoxGroup, GroupError, GroupLimits, Groups, Program};
use tokio::runtime::Handle;

/// Whose groups they are.
const WORKER: Program = Program {
    name: "worker",
    own_group: "assize-worker",
    setting: "sandbox.microvm.group",
};

/// Beside the memory of a machine, in bytes: the program's code and stacks, and what a translator makes.
const OWN_MEMORY: u64 = 2 << 30;

/// Threads of the program beside those that run the machine's CPUs.
const OWN_THREADS: u64 = 128;

/// What a machine takes of the host.
#[derive(Debug, Clone)]
pub(super) struct MachineUse<'a> {
    pub(super) memory_bytes: u64,
    pub(super) cpus: u32,
    /// Its own CPUs, as in `cpuset(7)`; empty: any.
    pub(super) cpuset: &'a str,
}

/// The groups of a worker's machines. They are removed with it.
#[derive(Debug)]
pub(super) struct MachineGroups(Groups);

/// The group of one machine, which is killed and removed with it.
#[derive(Debug)]
pub(super) struct MachineGroup {
    group: Option<BoxGroup>,
    /// Outlives all its groups.
    groups: Arc<MachineGroups>,
}

impl MachineGroups {
    /// Those of the worker whose directory has this name.
    ///
    /// # Errors
    /// Names the controller that is missing, or the file that cannot be written.
    pub(super) fn open(setting: &str, directory: &str) -> Result<Arc<Self>, GroupError> {
        let groups = Groups::open(&format!("{setting}/{directory}"), WORKER)?;
        Ok(Arc::new(Self(groups)))
    }

    /// What of the host is bound by them.
    pub(super) fn description(&self) -> &'static str {
        self.0.description()
    }

    /// A group for a machine, without processes.
    ///
    /// # Errors
    /// Names the limit that cannot be kept.
    pub(super) fn make(self: &Arc<Self>, machine: &str, takes: &MachineUse<'_>) -> Result<MachineGroup, GroupError> {
        let limits = GroupLimits {
            memory_bytes: takes.memory_bytes.saturating_add(OWN_MEMORY),
            processes: u64::from(takes.cpus) + OWN_THREADS,
            // One more for devices: a machine that is stopped by its quota loses time that its guest does not know of.
            cpus: takes.cpus.saturating_add(1),
            cpuset: takes.cpuset.to_owned(),
        };
        Ok(MachineGroup {
            group: Some(self.0.make(machine, &limits)?),
            groups: Arc::clone(self),
        })
    }
}

impl Drop for MachineGroups {
    fn drop(&mut self) {
        // What cannot be removed now is found with the directory of this worker.
        let _left = self.0.remove();
    }
}

impl MachineGroup {
    /// Puts a process into it.
    ///
    /// # Errors
    /// When that is not possible.
    pub(super) fn add(&self, process: u32) -> Result<(), GroupError> {
        self.group.as_ref().map_or(Ok(()), |group| group.add(process))
    }
}

impl Drop for MachineGroup {
    fn drop(&mut self) {
        let Some(group) = self.group.take() else { return };
        // The last process of a group takes a moment to go.
        let groups = Arc::clone(&self.groups);
        let remove = move || {
            if let Err(error) = group.kill().and_then(|()| group.remove()) {
                tracing::warn!(%error, "the control group of a machine is left; it is removed with the worker's");
            }
            drop(groups);
        };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(remove)),
            Err(_no_runtime) => remove(),
        }
    }
}

/// Removes what the worker that had the directory of this name has left.
///
/// # Errors
/// When something of it cannot be ended.
pub(super) fn sweep(setting: &str, directory: &str) -> io::Result<()> {
    let groups = MachineGroups::open(setting, directory).map_err(io::Error::other)?;
    groups.0.remove()
}
