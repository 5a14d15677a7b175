//! Something dies or is broken, and nothing of a box stays.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

use assize_jailer_protocol::{Answer, FindingState, Request, Subject, WayOfEnding};
use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::{TestJailer, refusal, request, until};

fn kill(process: i32) {
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
}

/// Whether a process is nsjail itself, and not what runs in its box.
fn is_nsjail(process: i32) -> bool {
    fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name.trim() == "nsjail")
}

#[test]
fn a_box_ends_with_its_connection_and_leaves_nothing() {
    let Some(jailer) = TestJailer::start("connection", &[]) else {
        return;
    };
    let started = jailer.started();
    assert!(jailer.processes().len() >= 2, "nsjail and the runner");
    started.worker.close();
    assert_eq!((jailer.processes(), jailer.groups().len()), (Vec::new(), 0));
    // A worker that is killed does not say goodbye.
    drop(jailer.started());
    until("the box is gone", || jailer.groups().is_empty().then_some(()));
}

#[test]
fn a_box_whose_nsjail_is_killed_ends_and_says_that_the_host_did_it() {
    let Some(jailer) = TestJailer::start("nsjail", &[]) else {
        return;
    };
    let mut started = jailer.started();
    let nsjail = jailer
        .processes()
        .into_iter()
        .find(|process| is_nsjail(*process))
        .unwrap();
    kill(nsjail);
    // What was in its care would live on: nothing is heard of it any more.
    let mut rest = Vec::new();
    started.streams[1].read_to_end(&mut rest).unwrap();
    until("nothing is left in the box", || {
        jailer.processes().is_empty().then_some(())
    });
    let ended = started.worker.ask(&Request::PostMortem);
    let by_host = WayOfEnding {
        memory_kills: 0,
        ended_by_host: true,
    };
    assert_eq!(ended, Answer::Ended(by_host));
}

#[test]
fn boxes_of_a_jailer_that_was_killed_are_gone_when_the_next_one_listens() {
    let Some(mut jailer) = TestJailer::start("jailer", &[]) else {
        return;
    };
    let mut started = jailer.started();
    assert!(!jailer.processes().is_empty());
    jailer.kill_and_start_again();
    assert_eq!((jailer.processes(), jailer.groups().len()), (Vec::new(), 0));
    let mut rest = Vec::new();
    started.streams[1].read_to_end(&mut rest).unwrap();
    assert!(
        started.worker.try_ask(&Request::PostMortem).is_none(),
        "its connection is gone"
    );
    jailer.started();
}

#[test]
fn what_is_left_in_the_group_of_no_box_is_swept_and_a_box_that_runs_is_not() {
    let Some(jailer) = TestJailer::start("sweep", &[]) else {
        return;
    };
    let started = jailer.started();
    for group in jailer.groups() {
        let forgotten = group.with_file_name("box-0-0");
        // Two controllers may be at one place.
        if !forgotten.exists() {
            fs::create_dir(forgotten).unwrap();
        }
    }
    assert_eq!(jailer.worker().ask(&Request::Sweep), Answer::Swept(1));
    assert!(jailer.groups().iter().all(|group| group.ends_with(&started.id)));
    assert_eq!(jailer.worker().ask(&Request::Sweep), Answer::Swept(0));
}

/// Each of them, with what the refusal names.
#[test]
fn a_root_directory_that_is_damaged_is_refused_with_what_mends_it() {
    let Some(jailer) = TestJailer::start("roots", &[("ROOTS", "/nonexistent")]) else {
        return;
    };
    let (reason, remedy) = refusal(jailer.worker().ask(&Request::Start(request())));
    assert!(
        reason.contains("/nonexistent/python3") && remedy.contains("docker/roots.sh"),
        "{reason}; {remedy}"
    );
    drop(jailer);
    let directory = tempfile::tempdir().unwrap();
    let roots = directory.path().display().to_string();
    let Some(jailer) = TestJailer::start("roots", &[("ROOTS", &roots)]) else {
        return;
    };
    let digest = format!("sha256:{}", "0".repeat(64));
    let tree = directory.path().join(&digest);
    std::os::unix::fs::symlink(&digest, directory.path().join("python3")).unwrap();
    let refused = |named: &str| {
        let (reason, remedy) = refusal(jailer.worker().ask(&Request::Start(request())));
        assert!(
            reason.contains("damaged") && reason.contains(named),
            "{named}: {reason}"
        );
        assert!(remedy.contains("docker/roots.sh"), "{remedy}");
    };
    refused("No such file");
    fs::create_dir(&tree).unwrap();
    fs::set_permissions(&tree, fs::Permissions::from_mode(0o777)).unwrap();
    refused("no other one can change");
    fs::set_permissions(&tree, fs::Permissions::from_mode(0o755)).unwrap();
    refused("/proc");
    for point in ["proc", "sys", "dev", "work", "tmp"] {
        fs::create_dir(tree.join(point)).unwrap();
    }
    refused("/usr/lib/assize/runner");
    let mut worker = jailer.worker();
    let environments = vec!["python3".to_owned()];
    let Answer::Examined(findings) = worker.ask(&Request::Examine { environments }) else {
        panic!("not examined")
    };
    let failed: Vec<_> = findings.iter().filter(|finding| finding.has_failed()).collect();
    assert!(
        matches!(failed.as_slice(), [one] if one.subject == Subject::Root),
        "{findings:?}"
    );
}

#[test]
fn a_missing_or_foreign_nsjail_is_told_with_the_command_that_installs_it() {
    for (program, named) in [
        ("/nonexistent/nsjail", "/nonexistent/nsjail"),
        ("/bin/true", "seccomp filters"),
    ] {
        let Some(jailer) = TestJailer::start("missing", &[("NSJAIL", program)]) else {
            return;
        };
        let environments = Vec::new();
        let Answer::Examined(findings) = jailer.worker().ask(&Request::Examine { environments }) else {
            panic!("not examined")
        };
        let found = findings
            .iter()
            .find(|finding| finding.subject == Subject::Nsjail)
            .unwrap();
        assert_eq!(found.state, FindingState::Fail);
        assert!(
            found.found.contains(named) && found.remedy.contains("docker/nsjail.sh"),
            "{found:?}"
        );
    }
    let Some(jailer) = TestJailer::start("missing", &[("NSJAIL", "/nonexistent/nsjail")]) else {
        return;
    };
    let (reason, remedy) = refusal(jailer.worker().ask(&Request::Start(request())));
    assert!(
        reason.contains("/nonexistent/nsjail") && remedy.contains("docker/nsjail.sh"),
        "{reason}; {remedy}"
    );
    assert!(jailer.groups().is_empty());
}
