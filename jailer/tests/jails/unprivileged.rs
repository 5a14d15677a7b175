//! A jailer of a user without any rights, to whom control groups were handed over.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use assize_jailer_protocol::{Answer, FindingState, Request};

use crate::fixture::TestJailer;

/// A user that nothing else has.
const USER: u32 = 65_501;

/// What the jailer needs of hierarchies of version 1.
const CONTROLLERS: [&str; 5] = ["pids", "memory", "cpuacct", "cpu", "cpuset"];

/// The group in each hierarchy, made and handed over as an operator does it. Those that were made are removed, however far
/// that came.
struct HandedOver(Vec<PathBuf>);

impl HandedOver {
    /// `None` with version 2, where a service manager does it.
    fn make(group: &str) -> Option<Self> {
        let mut made = Self(Vec::new());
        for controller in CONTROLLERS {
            let hierarchy = Path::new("/sys/fs/cgroup").join(controller);
            if !hierarchy.join("cgroup.procs").exists() {
                eprintln!("skipped: control groups of version 1 are not mounted");
                return None;
            }
            let base = fs::canonicalize(hierarchy).unwrap().join(group);
            if !base.exists() {
                fs::create_dir(&base).unwrap();
                made.0.push(base);
            }
        }
        for base in &made.0 {
            take_from_parent(base);
            chown(base, Some(USER), Some(USER)).unwrap();
            for entry in fs::read_dir(base).unwrap() {
                chown(entry.unwrap().path(), Some(USER), Some(USER)).unwrap();
            }
        }
        Some(made)
    }
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        for base in &self.0 {
            let _busy = fs::remove_dir(base);
        }
    }
}

/// A new group of the controller cpuset has no CPUs and no memory (`cpuset(7)`).
fn take_from_parent(base: &Path) {
    for name in ["cpuset.cpus", "cpuset.mems"] {
        if base.join(name).exists() {
            let given = fs::read_to_string(base.with_file_name(name)).unwrap();
            fs::write(base.join(name), given.trim()).unwrap();
        }
    }
}

/// The program as that user, who may see it and what it needs wherever they lie.
fn as_user(program: &Path, jail: &Path, seen: &Path) -> Command {
    const STEPS: &str = "mount --bind \"$1\" \"$3/jail\" && mount --bind \"$2\" \"$3/program\" && \
                         exec setpriv --reuid=\"$4\" --regid=\"$4\" --clear-groups -- \"$3/program\"";
    fs::create_dir(seen.join("jail")).unwrap();
    fs::write(seen.join("program"), "").unwrap();
    chown(seen, Some(USER), Some(USER)).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", STEPS, "sh"]);
    command.args([jail, program, seen]).arg(USER.to_string());
    command
}

#[test]
fn a_jailer_without_rights_starts_boxes_and_says_what_they_share() {
    let group = format!("assize-test-{}-unprivileged", std::process::id());
    let Some(_handed_over) = HandedOver::make(&group) else {
        return;
    };
    let Some(jailer) = TestJailer::start_by(as_user, &group) else {
        return;
    };
    let started = jailer.started();
    assert!(jailer.processes().len() >= 2, "nsjail and the runner");
    let of_user =
        |process: &i32| std::os::unix::fs::MetadataExt::uid(&fs::metadata(format!("/proc/{process}")).unwrap());
    assert!(jailer.processes().iter().all(|process| of_user(process) == USER));
    let examined = jailer.worker().ask(&Request::Examine {
        environments: vec!["python3".to_owned()],
    });
    let Answer::Examined(findings) = examined else {
        panic!("{examined:?}")
    };
    let told: Vec<_> = findings.iter().map(|finding| finding.state).collect();
    assert!(
        !told.contains(&FindingState::Fail) && told.contains(&FindingState::Warn),
        "{findings:#?}"
    );
    started.worker.close();
    assert!(jailer.groups().is_empty());
}
