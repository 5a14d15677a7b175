//! From a worker's request to a box within bounds.

use assize_jailer_protocol::{BoxRequest, UseLimits, WithoutLayer};

use crate::error::JailError;
use crate::settings::{Bounds, Settings};
use assize_control_groups::GroupLimits;

/// Most open files of a process: the kernel's own ceiling where it was not raised (`fs.nr_open`).
const MOST_OPEN_FILES: u64 = 1 << 20;

/// Most files in a writable place.
const MOST_INODES: u64 = 1_000_000_000;

/// nsjail itself is one of the processes of the group.
pub(crate) const JAIL_PROCESSES: u64 = 1;

/// A box that may be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) request: BoxRequest,
    pub(crate) limits: GroupLimits,
}

impl Plan {
    /// Holds a request against the bounds.
    ///
    /// # Errors
    /// Names the field and the bound.
    pub(crate) fn of(request: BoxRequest, settings: &Settings) -> Result<Self, JailError> {
        let bounds = &settings.bounds;
        check_limits(&request.limits, bounds)?;
        let cpus = u64::from(request.cpus).max(request.cpuset.len() as u64);
        within("cpus", cpus, ("CPUS", u64::from(bounds.cpus)))?;
        // What is written counts as memory.
        within(
            "scratch_bytes",
            request.scratch_bytes,
            ("MEMORY_BYTES", bounds.memory_bytes),
        )?;
        within("file_bytes", request.file_bytes, ("MEMORY_BYTES", bounds.memory_bytes))?;
        fixed("open_files", request.open_files, MOST_OPEN_FILES)?;
        fixed("scratch_inodes", request.scratch_inodes, MOST_INODES)?;
        for layer in &request.without {
            may_be_left_out(*layer, settings)?;
        }
        let list: Vec<String> = request.cpuset.iter().map(ToString::to_string).collect();
        let limits = GroupLimits {
            memory_bytes: request.limits.memory_bytes,
            processes: request.limits.processes + JAIL_PROCESSES,
            cpus: request.cpus,
            cpuset: list.join(","),
        };
        Ok(Self { request, limits })
    }

    /// CPUs that it takes of those of all boxes.
    pub(crate) fn cpus(&self) -> u64 {
        u64::from(self.request.cpus).max(self.request.cpuset.len() as u64)
    }

    pub(crate) fn leaves_out(&self, layer: WithoutLayer) -> bool {
        self.request.without.contains(&layer)
    }
}

/// Holds limits against the bounds.
pub(crate) fn check_limits(limits: &UseLimits, bounds: &Bounds) -> Result<(), JailError> {
    within(
        "memory_bytes",
        limits.memory_bytes,
        ("MEMORY_BYTES", bounds.memory_bytes),
    )?;
    within("processes", limits.processes, ("PROCESSES", bounds.processes))
}

fn within(field: &str, asked: u64, (setting, most): (&str, u64)) -> Result<(), JailError> {
    // The kernel takes 0 for "as much as there is" in some places.
    if asked == 0 {
        return Err(JailError::forbidden(
            format!("a box without a limit {field} was asked for"),
            "ask for one above 0",
        ));
    }
    if asked > most {
        return Err(JailError::forbidden(
            format!("{field} = {asked} is above ASSIZE_JAILER_{setting} = {most}"),
            "ask for less, or raise that setting of the jailer",
        ));
    }
    Ok(())
}

fn fixed(field: &str, asked: u64, most: u64) -> Result<(), JailError> {
    if (1..=most).contains(&asked) {
        return Ok(());
    }
    let reason = format!("{field} = {asked} is not from 1 to {most}");
    Err(JailError::forbidden(reason, "ask for a value in that range"))
}

fn may_be_left_out(layer: WithoutLayer, settings: &Settings) -> Result<(), JailError> {
    if settings.leave_out.contains(&layer) {
        return Ok(());
    }
    let name = layer.name();
    Err(JailError::forbidden(
        format!("a box without the layer {name} was asked for, and this jailer makes none"),
        format!(
            "to attack the other layers, start a jailer with ASSIZE_JAILER_LEAVE_OUT={name} where nothing is judged"
        ),
    ))
}

#[cfg(test)]
mod tests {

    use super::*;

    fn request() -> BoxRequest {
        BoxRequest {
            environment: "python3".to_owned(),
            limits: UseLimits {
                memory_bytes: 256 << 20,
                processes: 16,
            },
            cpus: 1,
            cpuset: vec![3, 5],
            scratch_bytes: 16 << 20,
            scratch_inodes: 256,
            executable_work: false,
            file_bytes: 1 << 20,
            open_files: 64,
            socket: true,
            without: Vec::new(),
        }
    }

    #[test]
    fn what_is_above_a_bound_or_without_a_limit_is_refused_by_name() {
        let settings = Settings::load(None, []).unwrap();
        let plan = Plan::of(request(), &settings).unwrap();
        assert_eq!(
            (plan.limits.cpuset.as_str(), plan.limits.processes, plan.cpus()),
            ("3,5", 17, 2)
        );
        type Change = fn(&mut BoxRequest);
        let changes: [(&str, Change); 12] = [
            ("memory_bytes", |request| request.limits.memory_bytes = 0),
            ("memory_bytes", |request| request.limits.memory_bytes = 1 << 40),
            ("processes", |request| request.limits.processes = u64::MAX),
            ("processes", |request| request.limits.processes = 0),
            ("cpus", |request| (request.cpus, request.cpuset) = (0, Vec::new())),
            ("cpus", |request| request.cpus = 65),
            ("cpus", |request| request.cpuset = (0..65).collect()),
            ("scratch_bytes", |request| request.scratch_bytes = 0),
            ("file_bytes", |request| request.file_bytes = 1 << 40),
            ("open_files", |request| request.open_files = 1 << 40),
            ("scratch_inodes", |request| request.scratch_inodes = 0),
            ("seccomp", |request| request.without = vec![WithoutLayer::Seccomp]),
        ];
        for (field, change) in changes {
            let mut changed = request();
            change(&mut changed);
            let said = Plan::of(changed, &settings).unwrap_err().to_string();
            assert!(said.contains(field), "{field}: {said}");
        }
    }
}
