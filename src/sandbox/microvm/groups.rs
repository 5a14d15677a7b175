//! Control groups around machines: what the program that runs one takes of the host is bounded and counted.
//!
//! A worker has a group below the one that the settings name, and in it one for each machine. Its name is that of the
//! worker's directory, so what a dead worker has left is found with that. The groups are the worker's own, and so is the
//! user of the program: one that a guest has taken over could change them.

use std::io;
use std::sync::Arc;

use assize_control_groups::{BoxGroup, GroupError, GroupLimits, Groups, Program};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// Whose groups they are.
const WORKER: Program = Program {
    name: "worker",
    own_group: "assize-worker",
    setting: "sandbox.microvm.group",
};

/// Threads of the program beside those that run the machine's CPUs.
const OWN_THREADS: u64 = 128;

/// What a machine takes of the host.
#[derive(Debug, Clone)]
pub(super) struct MachineUse<'a> {
    /// The program's own included.
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
    /// Name of the machine.
    machine: String,
    group: Option<BoxGroup>,
    /// Keeps the worker's group until this one is removed.
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

    /// A group for a machine, without processes.
    ///
    /// # Errors
    /// Names the limit that cannot be kept.
    pub(super) fn make(self: &Arc<Self>, machine: &str, takes: &MachineUse<'_>) -> Result<MachineGroup, GroupError> {
        let limits = GroupLimits {
            memory_bytes: takes.memory_bytes,
            processes: u64::from(takes.cpus) + OWN_THREADS,
            // One more for devices: a machine that is stopped by its quota loses time that its guest does not know of.
            cpus: takes.cpus.saturating_add(1),
            cpuset: takes.cpuset.to_owned(),
        };
        Ok(MachineGroup {
            machine: machine.to_owned(),
            group: Some(self.0.make(machine, &limits)?),
            groups: Arc::clone(self),
        })
    }
}

impl Drop for MachineGroups {
    fn drop(&mut self) {
        if let Err(error) = self.0.remove() {
            tracing::warn!(%error, "a control group of the machines of this worker is left");
        }
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

    /// Removes it, once its processes are gone.
    pub(super) async fn remove(mut self) {
        if let Some(group) = self.group.take() {
            let (machine, groups) = (self.machine.clone(), Arc::clone(&self.groups));
            // It fails only when the worker ends at once, and then the next one removes the group.
            let _removed = spawn_blocking(move || remove(&machine, &group, groups)).await;
        }
    }
}

/// One that was not removed by [`MachineGroup::remove`] is removed in the background.
impl Drop for MachineGroup {
    fn drop(&mut self) {
        let Some(group) = self.group.take() else { return };
        let (machine, groups) = (self.machine.clone(), Arc::clone(&self.groups));
        let remove = move || remove(&machine, &group, groups);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(remove)),
            Err(_no_runtime) => remove(),
        }
    }
}

/// The last process of a group takes a moment to go.
fn remove(machine: &str, group: &BoxGroup, groups: Arc<MachineGroups>) {
    if group.memory_kills().is_ok_and(|kills| kills.at_limit > 0) {
        tracing::warn!(
            machine,
            "the kernel ended a machine whose program took more memory than its control group allows"
        );
    }
    if let Err(error) = group.kill().and_then(|()| group.remove()) {
        tracing::warn!(machine, %error, "the control group of a machine is left; it is removed with the worker's");
    }
    drop(groups);
}

/// Makes a group as a machine has one, and removes it; gives what it bounds. It blocks.
///
/// # Errors
/// With what a machine would fail by.
pub(super) fn try_out(setting: &str, name: &str) -> Result<&'static str, GroupError> {
    let groups = MachineGroups::open(setting, name)?;
    let takes = MachineUse {
        memory_bytes: 1 << 30,
        cpus: 1,
        cpuset: "",
    };
    groups.make("machine", &takes)?;
    Ok(groups.0.description())
}

/// Removes what the worker that had the directory of this name has left.
///
/// # Errors
/// When something of it cannot be ended.
pub(super) fn sweep(setting: &str, directory: &str) -> io::Result<()> {
    let groups = MachineGroups::open(setting, directory).map_err(io::Error::other)?;
    groups.0.remove()
}
