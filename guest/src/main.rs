//! The first process of a microVM: makes the box in it, starts the runner, and changes its limits.
//!
//! ```text
//! boot (file systems, devices, the box's disk) -> agent: Ready
//!                                                  |- Start   freshen, group, child -> place -> rights -> runner
//!                                                  |- Resize  group
//!                                                  `- Examine group
//! ```
//!
//! What is the same for all boxes happens before `Ready`, so that a guest can be kept as a template there. What differs
//! comes with the order to start. The runner is PID 1 of a namespace of its own, under the same rights, filters and
//! mounts as in a container; this process stays outside of it as root, with one thread, and ends with the runner. When it
//! ends, the machine does.

mod agent;
mod boot;
mod channel;
mod child;
mod devices;
mod error;
mod freshen;
mod group;
mod place;
mod rights;
mod waiting;

use rustix::system::{RebootCommand, reboot};

fn main() {
    if let Err(error) = boot::boot().and_then(|()| agent::serve()) {
        // The console is the log of the VMM.
        eprintln!("{error}");
    }
    // The VMM is told to end instead of starting the machine again.
    if let Err(error) = reboot(RebootCommand::Restart) {
        eprintln!("the guest cannot be turned off: {error}");
    }
}
