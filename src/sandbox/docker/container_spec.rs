//! A box in the terms of the Docker Engine.

use assize_docker_box::{ContainerSpec, Streams};

use crate::sandbox::{BoxRole, BoxSpec};

/// Users of each slot: one for the programs of submissions, one for validators.
const USERS_PER_SLOT: usize = 2;

/// What the daemon is told of a box that is made of this image.
pub(super) fn container_spec(spec: &BoxSpec, image: &str) -> ContainerSpec {
    ContainerSpec {
        image: image.to_owned(),
        memory_bytes: spec.memory_bytes,
        processes: spec.all_processes(),
        cpus: spec.cpus,
        user: spec.placement.slot * USERS_PER_SLOT + usize::from(spec.role == BoxRole::Validator),
        cpuset: spec.placement.cpuset.clone(),
        scratch_bytes: spec.scratch_bytes,
        scratch_inodes: spec.scratch_inodes,
        executable_work: spec.executable_work,
        file_bytes: spec.file_bytes,
        open_files: spec.open_files,
        purpose: spec.purpose.clone(),
        streams: Streams::Daemon,
    }
}
