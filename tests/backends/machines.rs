//! Virtual machines: a short form of the suite, since a translator runs them here. All limits are wide.

use std::fs;
use std::path::Path;

use assize::contract::{Submission, Verdict};
use assize::problem::ProblemStore;
use assize::sandbox::{BackendError, BoxSpec, CheckState, Ended, LaunchError, PostMortem};

use crate::fixture::{Bench, run, spec};
use crate::judging::{JudgeFixture, submission};
use crate::waiting::eventually;

const SUM: &str = "print(sum(map(int, input().split())))";

/// A submission with limits that a translated interpreter can keep.
fn patient(source: &str) -> Submission {
    let mut patient = submission(source, &[("2 3\n", "5\n")]);
    patient.limits.cpu_ms = Some(15_000);
    patient.limits.wall_ms = Some(45_000);
    patient
}

pub(crate) async fn each_verdict_comes_from_the_program_that_deserves_it(bench: &Bench) {
    let problems = ProblemStore::open(&bench.settings.problems).unwrap();
    let judge = JudgeFixture::of(&bench.settings, bench.pool(1, 0), problems);
    for (source, verdict) in [
        (SUM, Verdict::Ac),
        ("print(4)", Verdict::Wa),
        ("while True: pass", Verdict::Tle),
        ("import time\ntime.sleep(600)", Verdict::Tle),
        ("while True: print('x' * 1000)", Verdict::Ole),
        ("x = bytearray(512 << 20)", Verdict::Mle),
        ("raise ValueError('no')", Verdict::Rte),
        ("import os\nos.abort()", Verdict::Rte),
        ("print(", Verdict::Ce),
        ("import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)", Verdict::Sv),
    ] {
        let judged = judge.judge(&patient(source)).await;
        assert_eq!(judged.verdict, verdict, "{source}: {judged:#?}");
        assert_eq!(judged.sandbox.backend, "microvm");
        assert!(judged.sandbox.runtime.starts_with("qemu "), "{:?}", judged.sandbox);
        for digest in [&judged.sandbox.kernel, &judged.sandbox.filter] {
            assert!(
                digest.as_deref().unwrap().starts_with("sha256:"),
                "{:?}",
                judged.sandbox
            );
        }
        assert!(judged.sandbox.environment.unwrap().digest.starts_with("sha256:"));
    }
    judge.close().await;
}

pub(crate) async fn a_machine_that_is_killed_from_outside_was_ended_by_the_host(bench: &Bench) {
    let mut session = bench.session(&spec()).await;
    let directory = session.id().trim_start_matches("microvm-").to_owned();
    let machines = machines_of(&directory);
    let [machine] = machines.as_slice() else {
        panic!("{machines:?}")
    };
    rustix::process::kill_process(*machine, rustix::process::Signal::KILL).unwrap();
    let lost = crate::fixture::run_with(
        &mut session,
        "pass",
        assize::sandbox::Input::Empty,
        crate::fixture::limits(),
    )
    .await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(session.post_mortem().await, PostMortem::EndedByHost);
    session.destroy().await;
}

pub(crate) async fn a_machine_ends_with_its_box(bench: &Bench) {
    let mut session = bench.session(&spec()).await;
    assert_eq!(run(&mut session, "print(1)").await.facts.ended, Ended::Exit(0));
    let directory = session.id().trim_start_matches("microvm-").to_owned();
    assert_eq!(machines_of(&directory).len(), 1);
    drop(session);
    eventually("the machine is gone", async || machines_of(&directory).is_empty()).await;
}

/// Processes whose command line names the directory of a machine.
fn machines_of(directory: &str) -> Vec<rustix::process::Pid> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let entry = entry.ok()?;
        let number = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let is_named = line.windows(directory.len()).any(|part| part == directory.as_bytes());
        rustix::process::Pid::from_raw(number).filter(|_| is_named)
    });
    processes.collect()
}

pub(crate) async fn a_limit_that_a_machine_cannot_keep_is_refused_and_named(bench: &Bench) {
    let huge = BoxSpec {
        memory_bytes: bench.settings.sandbox.microvm.memory_bytes,
        ..spec()
    };
    let refused = bench.backend().launch(&huge).await.unwrap_err();
    assert!(matches!(refused, LaunchError::Refused { .. }), "{refused:?}");
    assert!(refused.to_string().contains("memory_bytes"), "{refused}");
    assert!(refused.remedy().contains("sandbox.microvm.memory_bytes"), "{refused}");
}

pub(crate) async fn what_is_missing_is_told_with_the_command_that_mends_it(bench: &Bench) {
    let whole = &bench.settings.sandbox.microvm.directory;
    let broken = tempfile::tempdir().unwrap();
    let kernel = fs::read_link(whole.join("kernel")).unwrap();
    std::os::unix::fs::symlink(whole.join(&kernel), broken.path().join(&kernel)).unwrap();
    std::os::unix::fs::symlink(&kernel, broken.path().join("kernel")).unwrap();
    let damaged = format!("sha256:{:064}", 0);
    fs::write(broken.path().join(&damaged), "no file system").unwrap();
    std::os::unix::fs::symlink(&damaged, broken.path().join("python3")).unwrap();
    let nothing = Path::new("/nonexistent");
    let making = format!("docker/microvm.sh {}", broken.path().display());
    for (directory, qemu, check, remedy) in [
        (broken.path(), None, "disk", making.as_str()),
        (nothing, None, "kernel", "docker/microvm.sh /nonexistent"),
        (whole.as_path(), Some(nothing), "qemu", "apt-get install"),
    ] {
        let other = bench.another(|settings| {
            directory.clone_into(&mut settings.sandbox.microvm.directory);
            qemu.inspect(|qemu| (*qemu).clone_into(&mut settings.sandbox.microvm.qemu));
        });
        let checks = other.examine(&["python3"]).await;
        let mut failed = checks.iter().filter(|found| found.state == CheckState::Fail);
        let found = failed.next().unwrap_or_else(|| panic!("{check}: {checks:#?}"));
        assert_eq!(found.check, check, "{checks:#?}");
        assert!(found.remedy.as_ref().unwrap().contains(remedy), "{found:?}");
        if check == "disk" {
            let refused = other.launch(&spec()).await.unwrap_err();
            assert!(refused.to_string().contains("damaged"), "{refused}");
        } else {
            let unusable = other.connect().await.unwrap_err();
            assert!(matches!(unusable, BackendError::Unfit { .. }), "{unusable:?}");
            assert!(unusable.to_string().contains(remedy), "{unusable}");
        }
        other.close().await;
    }
}
