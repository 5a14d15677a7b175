//! A box in the terms of the jailer.

use assize_jailer_protocol::{BoxRequest, UseLimits, WithoutLayer};

use crate::sandbox::cpus::parse;
use crate::sandbox::{BoxSpec, LaunchError};

/// What the jailer is told of a box.
pub(super) fn box_request(spec: &BoxSpec, without: &[WithoutLayer]) -> Result<BoxRequest, LaunchError> {
    Ok(BoxRequest {
        environment: spec.environment.clone(),
        limits: limits(spec),
        cpus: spec.cpus,
        cpuset: cpuset(&spec.placement.cpuset)?,
        scratch_bytes: spec.scratch_bytes,
        scratch_inodes: spec.scratch_inodes,
        executable_work: spec.executable_work,
        file_bytes: spec.file_bytes,
        open_files: spec.open_files,
        socket: true,
        without: without.to_vec(),
    })
}

/// What can be changed while a box runs.
pub(super) fn limits(spec: &BoxSpec) -> UseLimits {
    UseLimits {
        memory_bytes: spec.memory_bytes,
        processes: spec.all_processes(),
    }
}

fn cpuset(list: &str) -> Result<Vec<u32>, LaunchError> {
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let cpus = parse(list).map_err(|error| LaunchError::Refused {
        step: "start",
        remedy: "correct sandbox.cpuset".to_owned(),
        source: error.into(),
    })?;
    Ok(cpus.into_iter().filter_map(|cpu| u32::try_from(cpu).ok()).collect())
}
