//! The whole of what nsjail is told, readable in one piece: a change here is a security review. The format is that of
//! `config.proto` of nsjail, as text.

use std::fmt::Write as _;

use assize_jailer_protocol::WithoutLayer;

use crate::nsjail::mounts::mounts;
use crate::plan::Plan;
use crate::roots::{RUNNER, Root};
use assize_control_groups::BoxGroup;

/// The user and the group of everything in a box, as programs see it. On the host each box has its own.
pub(crate) const JUDGED: u32 = 10001;

/// Where the submission's files are, and what else the runner clears between tests.
const CLEARED: [&str; 3] = ["/work", "/tmp", "/dev/shm"];

/// What the runner's own environment holds. Programs get theirs from the worker.
const ENVIRONMENT: [&str; 3] = ["PATH=/usr/bin", "HOME=/nonexistent", "LANG=C.UTF-8"];

/// What is the same for all boxes: nothing of it depends on a request.
const ALWAYS: &str = "\
mode: ONCE
hostname: \"box\"
cwd: \"/work\"
time_limit: 0
nice_level: 0
keep_env: false
keep_caps: false
disable_no_new_privs: false
disable_rl: true
log_level: WARNING
clone_newnet: true
clone_newuser: true
clone_newns: true
clone_newpid: true
clone_newipc: true
clone_newuts: true
clone_newcgroup: true
iface_no_lo: true
mount_proc: false
";

/// Users of the host behind those of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostUsers {
    /// Behind that of everything in the box.
    pub(crate) judged: u32,
    /// Behind the box's root, which no process has. It owns what is mounted, so that programs do not.
    pub(crate) owner: Option<u32>,
}

/// Tells nsjail about one box.
pub(crate) fn configuration(plan: &Plan, root: &Root, group: &BoxGroup, users: HostUsers, policy: &str) -> String {
    let mut text = ALWAYS.to_owned();
    for kind in ["uidmap", "gidmap"] {
        let judged = Some((JUDGED, users.judged));
        for (inside, outside) in judged.into_iter().chain(users.owner.map(|owner| (0, owner))) {
            line(
                &mut text,
                format_args!("{kind} {{ inside_id: \"{inside}\" outside_id: \"{outside}\" count: 1 }}"),
            );
        }
    }
    for mount in mounts(plan, root, &group.shown, users.owner.is_some()) {
        line(&mut text, format_args!("{mount}"));
    }
    for variable in ENVIRONMENT {
        line(&mut text, format_args!("envar: \"{variable}\""));
    }
    if !plan.leaves_out(WithoutLayer::Seccomp) {
        line(&mut text, format_args!("seccomp_string: \"{policy}\""));
    }
    let arguments: String = CLEARED.iter().map(|place| format!(" arg: \"{place}\"")).collect();
    line(&mut text, format_args!("exec_bin {{ path: \"{RUNNER}\"{arguments} }}"));
    text
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _written = writeln!(text, "{arguments}");
}
