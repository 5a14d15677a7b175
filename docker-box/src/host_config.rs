//! The hardening of a box, readable in one piece: a change here is a security review.

use std::collections::HashMap;

use bollard_stubs::models::{
    ContainerUpdateBody, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, ResourcesUlimits, RestartPolicy,
    RestartPolicyNameEnum,
};

use crate::ContainerSpec;
use crate::streams::streams_mount;

/// First of the unprivileged users that boxes run as, and the group of them all; the images name them `judged` and so on.
const FIRST_USER: usize = 10001;

/// How many of them there are in the images.
const USERS_OF_IMAGES: usize = 256;

/// The one of them whom no box has, by its place: the images of worker and proxy run as it, and the kernel would count
/// what boxes use as theirs.
const OF_THE_SERVICES: usize = 1;

/// How many users boxes can have.
pub const USERS: usize = USERS_OF_IMAGES - 1;

/// The user of this number among those of a worker, and the group of them all. The kernel counts some things per user,
/// whatever the namespace: descriptors on their way through sockets, pages of pipes, pending signals (`unix(7)`,
/// `pipe(7)`, `getrlimit(2)`). So a program could use up what its neighbour needs if they were the same user. `first`
/// differs between workers.
pub fn user(first: usize, number: usize) -> String {
    format!("{}:{FIRST_USER}", user_id(first, number))
}

/// The id of that user.
pub fn user_id(first: usize, number: usize) -> usize {
    let place = (first + number) % USERS;
    FIRST_USER + place + usize::from(place >= OF_THE_SERVICES)
}

/// The number, or one that has the same user; `None` when no box has this user.
pub fn user_number(first: usize, user: &str) -> Option<usize> {
    let (user, group) = user.split_once(':')?;
    let place = user.parse::<usize>().ok()?.checked_sub(FIRST_USER)?;
    let is_ours = place < USERS_OF_IMAGES && place != OF_THE_SERVICES && group == FIRST_USER.to_string();
    let place = place - usize::from(place > OF_THE_SERVICES);
    is_ours.then(|| (place + USERS - first % USERS) % USERS)
}

/// Where the submission's files are.
pub const WORK: &str = "/work";

/// Arguments of the runner: the work directory, then what else it clears between tests.
pub(crate) const CLEARED: [&str; 3] = [WORK, "/tmp", "/dev/shm"];

/// Where the network of a box is: nowhere, in a namespace of its own or in one that is empty and kept.
pub const NO_NETWORK: &str = "none";

/// The host's side of a box.
pub(crate) fn host_config(spec: &ContainerSpec, seccomp_profile: &str, runtime: &str, network: String) -> HostConfig {
    let memory = signed(spec.memory_bytes);
    let pinned = Some(spec.cpuset.clone()).filter(|cpuset| !cpuset.is_empty());
    HostConfig {
        // Rights: none, and no way to get any.
        cap_drop: Some(vec!["ALL".to_owned()]),
        privileged: Some(false),
        security_opt: Some(vec![
            "no-new-privileges:true".to_owned(),
            format!("seccomp={seccomp_profile}"),
        ]),
        // Sight: its own namespaces, an empty network, nothing of the host.
        network_mode: Some(network),
        ipc_mode: Some("none".to_owned()),
        pid_mode: None,
        uts_mode: None,
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        // Files: a read-only root, and small writable places that vanish with the box.
        readonly_rootfs: Some(true),
        tmpfs: Some(scratch(spec)),
        mounts: streams_mount(&spec.streams),
        // Use: memory without swap, processes, CPUs.
        memory: Some(memory),
        memory_swap: Some(memory),
        memory_swappiness: Some(0),
        oom_kill_disable: Some(false),
        pids_limit: Some(signed(spec.processes)),
        // A quota would stop a box now and then even where it has the CPU for itself.
        nano_cpus: pinned.is_none().then(|| i64::from(spec.cpus) * 1_000_000_000),
        cpuset_cpus: pinned,
        ulimits: Some(ulimits(spec)),
        // Traces: none.
        log_config: Some(no_log()),
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        auto_remove: Some(false),
        init: Some(false),
        runtime: Some(runtime.to_owned()).filter(|name| !name.is_empty()),
        ..Default::default()
    }
}

fn no_log() -> HostConfigLogConfig {
    HostConfigLogConfig {
        typ: Some("none".to_owned()),
        config: None,
    }
}

/// What of it can be changed while a box runs: the limits that differ from one submission to the next.
pub fn limits_update(spec: &ContainerSpec) -> ContainerUpdateBody {
    let memory = signed(spec.memory_bytes);
    ContainerUpdateBody {
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(signed(spec.processes)),
        ..Default::default()
    }
}

/// Nothing can be made in it.
const NOTHING: &str = "ro,nosuid,nodev,noexec,size=4096,nr_inodes=1,mode=0555";

/// `/dev/shm` has room for the input of a program too, which is a file as large as one may be.
///
/// Mounts over `/dev/shm`, `/dev/mqueue` and `/dev/pts` take the place of those that Docker would make: without a cap, and
/// with pseudo-terminals, of which all boxes and the host have 4,096 together (`pts(4)`).
fn scratch(spec: &ContainerSpec) -> HashMap<String, String> {
    let (size, inodes) = (spec.scratch_bytes, spec.scratch_inodes);
    let of_size = |size: u64| format!("rw,nosuid,nodev,size={size},nr_inodes={inodes},mode=1777");
    let (common, with_input) = (of_size(size), of_size(size.saturating_add(spec.file_bytes)));
    let work_exec = if spec.executable_work { "exec" } else { "noexec" };
    HashMap::from([
        (WORK.to_owned(), format!("{common},{work_exec}")),
        ("/tmp".to_owned(), format!("{common},noexec")),
        ("/dev/shm".to_owned(), format!("{with_input},noexec")),
        ("/dev/mqueue".to_owned(), NOTHING.to_owned()),
        ("/dev/pts".to_owned(), NOTHING.to_owned()),
    ])
}

/// `RLIM_INFINITY` in the daemon's words.
const UNLIMITED: i64 = -1;

fn ulimits(spec: &ContainerSpec) -> Vec<ResourcesUlimits> {
    let ulimit = |name: &str, value: i64| ResourcesUlimits {
        name: Some(name.to_owned()),
        soft: Some(value),
        hard: Some(value),
    };
    vec![
        ulimit("core", 0),
        ulimit("fsize", signed(spec.file_bytes)),
        ulimit("nofile", signed(spec.open_files)),
        ulimit("memlock", 64 << 10),
        ulimit("msgqueue", 0),
        // The runner sets it for each program; what is used of it counts as memory.
        ulimit("stack", UNLIMITED),
    ]
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
