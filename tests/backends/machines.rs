//! Virtual machines: a short form of the suite, since a translator runs them here. All limits are wide.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use assize::config::Vmm;
use assize::contract::{Submission, Verdict};
use assize::problem::ProblemStore;
use assize::sandbox::{
    BackendError, BoxSpec, CheckState, Ended, Input, LaunchError, PostMortem, Session, SessionTimeouts,
};

use crate::fixture::{TestBoxes, limits, run, run_with};
use crate::judging::{JudgeFixture, submission};
use crate::small_box::small_box;
use crate::waiting::eventually;

const SUM: &str = "print(sum(map(int, input().split())))";

/// A submission with limits that a translated interpreter keeps on a busy host, but where it is to exceed them.
fn patient(source: &str, verdict: Verdict) -> Submission {
    let mut patient = submission(source, &[("2 3\n", "5\n")]);
    let (cpu_ms, wall_ms) = if verdict == Verdict::Tle {
        (5_000, 15_000)
    } else {
        (60_000, 150_000)
    };
    patient.limits.cpu_ms = Some(cpu_ms);
    patient.limits.wall_ms = Some(wall_ms);
    patient
}

/// What runs the machines, as settings, verdicts and the doctor call it.
fn program(boxes: &TestBoxes) -> &'static str {
    match boxes.settings.sandbox.microvm.vmm {
        Vmm::Qemu => "qemu",
        Vmm::Firecracker => "firecracker",
    }
}

pub(crate) async fn each_verdict_comes_from_the_program_that_deserves_it(boxes: &TestBoxes) {
    let problems = ProblemStore::open(&boxes.settings.problems).unwrap();
    let judge = JudgeFixture::of(&boxes.settings, boxes.pool(1, 0), problems);
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
        let judged = judge.judge(&patient(source, verdict)).await;
        assert_eq!(judged.verdict, verdict, "{source}: {judged:#?}");
        assert_eq!(judged.sandbox.backend, "microvm");
        let runtime = format!("{} ", program(boxes));
        assert!(judged.sandbox.runtime.starts_with(&runtime), "{:?}", judged.sandbox);
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

pub(crate) async fn a_machine_that_is_killed_from_outside_was_ended_by_the_host(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let directory = session.id().trim_start_matches("microvm-").to_owned();
    let machines = machines_of(&directory);
    let [machine] = machines.as_slice() else {
        panic!("{machines:?}")
    };
    rustix::process::kill_process(*machine, rustix::process::Signal::KILL).unwrap();
    let lost = run_with(&mut session, "pass", Input::Empty, limits()).await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(session.post_mortem().await, PostMortem::EndedByHost);
    session.destroy().await;
}

pub(crate) async fn a_machine_ends_with_its_box(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    assert_eq!(run(&mut session, "print(1)").await.facts.ended, Ended::Exit(0));
    let directory = session.id().trim_start_matches("microvm-").to_owned();
    assert_eq!(machines_of(&directory).len(), 1);
    drop(session);
    eventually("the machine is gone", async || machines_of(&directory).is_empty()).await;
}

/// Processes whose command line names the directory of a machine.
pub(crate) fn machines_of(directory: &str) -> Vec<rustix::process::Pid> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let entry = entry.ok()?;
        let number = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let is_named = line.windows(directory.len()).any(|part| part == directory.as_bytes());
        rustix::process::Pid::from_raw(number).filter(|_| is_named)
    });
    processes.collect()
}

pub(crate) async fn a_limit_that_a_machine_cannot_keep_is_refused_and_named(boxes: &TestBoxes) {
    let huge = BoxSpec {
        memory_bytes: boxes.settings.sandbox.microvm.memory_bytes,
        ..small_box()
    };
    let refused = boxes.backend().launch(&huge).await.unwrap_err();
    assert!(matches!(refused, LaunchError::Refused { .. }), "{refused:?}");
    assert!(refused.to_string().contains("memory_bytes"), "{refused}");
    assert!(refused.remedy().contains("sandbox.microvm.memory_bytes"), "{refused}");
}

pub(crate) async fn what_is_missing_is_told_with_the_command_that_mends_it(boxes: &TestBoxes) {
    let whole = &boxes.settings.sandbox.microvm.directory;
    let broken = tempfile::tempdir().unwrap();
    let kernel = fs::read_link(whole.join("kernel")).unwrap();
    std::os::unix::fs::symlink(whole.join(&kernel), broken.path().join(&kernel)).unwrap();
    std::os::unix::fs::symlink(&kernel, broken.path().join("kernel")).unwrap();
    let damaged = format!("sha256:{:064}", 0);
    fs::write(broken.path().join(&damaged), "no file system").unwrap();
    std::os::unix::fs::symlink(&damaged, broken.path().join("python3")).unwrap();
    let nothing = Path::new("/nonexistent");
    let making = format!("docker/microvm.sh {}", broken.path().display());
    for (directory, program, check, remedy) in [
        (broken.path(), None, "disk", making.as_str()),
        (nothing, None, "kernel", "docker/microvm.sh /nonexistent"),
        (whole.as_path(), Some(nothing), program(boxes), "install "),
    ] {
        let other = boxes.another(|settings| {
            directory.clone_into(&mut settings.sandbox.microvm.directory);
            if let Some(program) = program {
                program.clone_into(&mut settings.sandbox.microvm.qemu);
                program.clone_into(&mut settings.sandbox.microvm.firecracker);
            }
        });
        let checks = other.examine(&["python3"]).await;
        let mut failed = checks.iter().filter(|found| found.state == CheckState::Fail);
        let found = failed.next().unwrap_or_else(|| panic!("{check}: {checks:#?}"));
        assert_eq!(found.check, check, "{checks:#?}");
        assert!(found.remedy.as_ref().unwrap().contains(remedy), "{found:?}");
        if check == "disk" {
            let refused = other.launch(&small_box()).await.unwrap_err();
            assert!(refused.to_string().contains("damaged"), "{refused}");
        } else {
            let unusable = other.connect().await.unwrap_err();
            assert!(matches!(unusable, BackendError::Unfit { .. }), "{unusable:?}");
            assert!(unusable.to_string().contains(remedy), "{unusable}");
        }
        other.close().await;
    }
}

/// Whatever could be the same in two machines of one template: what the kernel draws, what Python draws, addresses.
const RANDOM: &str = "import ctypes, os, random, uuid
libc = ctypes.CDLL(None)
libc.getauxval.restype = ctypes.c_void_p
print('urandom', os.urandom(16).hex())
print('uuid', uuid.uuid4())
print('random', random.getrandbits(64))
print('hash', hash('assize'))
print('boot', open('/proc/sys/kernel/random/boot_id').read().strip())
print('started with', ctypes.string_at(libc.getauxval(25), 16).hex())
for line in open('/proc/self/maps'):
    if '[stack]' in line or '[vdso]' in line or 'libc.so' in line:
        print('address', line.split()[-1], line.split('-')[0])
        break";

/// Seconds by which the clock of a machine may be off.
const CLOCK_DRIFT: u64 = 2;

const CLOCK: &str = "import time\nprint(int(time.time()))";

pub(crate) async fn two_machines_of_one_template_have_nothing_random_in_common(boxes: &TestBoxes) {
    assert!(boxes.settings.sandbox.microvm.templates);
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let mut session = boxes.session(&small_box()).await;
        let ran = run(&mut session, RANDOM).await;
        assert_eq!(ran.facts.ended, Ended::Exit(0), "{ran:?}");
        // The second machine is of a template that is older than its whole predecessor.
        let seconds = || UNIX_EPOCH.elapsed().unwrap().as_secs();
        let before = seconds();
        let ran_clock = run(&mut session, CLOCK).await;
        let clock: u64 = String::from_utf8_lossy(&ran_clock.output).trim().parse().unwrap();
        let meanwhile = before - CLOCK_DRIFT..=seconds() + CLOCK_DRIFT;
        assert!(
            meanwhile.contains(&clock),
            "the clock of a machine says {clock}, and it is {meanwhile:?}"
        );
        session.destroy().await;
        drawn.push(String::from_utf8(ran.output.to_vec()).unwrap());
    }
    let [first, second] = drawn.as_slice() else {
        panic!("{drawn:?}")
    };
    assert_eq!(first.lines().count(), 7, "{first}");
    for (one, other) in first.lines().zip(second.lines()) {
        assert_ne!(one, other, "two machines have it in common");
    }
}

pub(crate) async fn a_machine_that_is_started_without_a_template_judges_too(boxes: &TestBoxes) {
    let other = boxes.another(|settings| settings.sandbox.microvm.templates = false);
    let timeouts = SessionTimeouts {
        hello: Duration::from_secs(60),
        answer: Duration::from_secs(60),
    };
    let mut session = Session::open(other.launch(&small_box()).await.unwrap(), timeouts)
        .await
        .unwrap();
    assert_eq!(&run(&mut session, "print(6 * 7)").await.output[..], b"42\n");
    session.destroy().await;
    other.close().await;
}

pub(crate) async fn what_a_killed_worker_leaves_is_swept_and_what_a_living_one_has_is_not(boxes: &TestBoxes) {
    let state = tempfile::tempdir().unwrap();
    let backend = boxes.another(|settings| state.path().clone_into(&mut settings.sandbox.microvm.state_directory));
    let living = backend.launch(&small_box()).await.unwrap();
    let directory = state.path().join("assize-vm-dead");
    let machine = directory.join("machine");
    fs::create_dir_all(&machine).unwrap();
    fs::write(directory.join("lock"), "").unwrap();
    // A process whose command line names the directory, as that of a machine does.
    let mut left = std::process::Command::new("sleep")
        .arg("600")
        .arg0(format!("machine in {}", machine.display()))
        .spawn()
        .unwrap();
    fs::write(machine.join("pid"), left.id().to_string()).unwrap();
    assert_eq!(backend.sweep().await.unwrap(), 1);
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&left.wait().unwrap()),
        Some(9)
    );
    assert!(!directory.exists());
    let is_there = machines_of(living.id.trim_start_matches("microvm-")).len();
    assert_eq!(is_there, 1, "a machine of a living worker was swept");
    living.handle.destroy().await;
    backend.close().await;
}
