//! nsjail or the jailer is killed while a program is judged, or the jailer is started anew with other settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use assize::contract::{Submission, Verdict};
use assize::judge::JudgeFailure;
use assize::problem::ProblemStore;
use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::TestBoxes;
use crate::jailer::{missing, settings};
use crate::judging::{JudgeFixture, submission};
use crate::waiting::eventually;

/// A jailer as a process of its own, which can be killed.
pub(crate) struct JailerProcess {
    variables: Vec<(String, String)>,
    socket: PathBuf,
    group: String,
    process: Child,
}

impl JailerProcess {
    /// `None` where there can be none; the tests beside this one fail under CI then.
    async fn start(name: &str) -> Option<Self> {
        Self::start_with(name, &[]).await
    }

    /// The same with these settings beside those of tests.
    pub(crate) async fn start_with(name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        if missing().is_some() {
            return None;
        }
        let settings = settings(name);
        let variables = [
            ("LISTEN", settings.listen.display().to_string()),
            ("NSJAIL", settings.nsjail.display().to_string()),
            ("ROOTS", settings.roots.display().to_string()),
            ("GROUP", settings.group.clone()),
        ];
        let changes = changes.iter().map(|(key, value)| (*key, (*value).to_owned()));
        let all = variables.into_iter().chain(changes);
        let variables: Vec<_> = all
            .map(|(key, value)| (format!("ASSIZE_JAILER_{key}"), value))
            .collect();
        let jailer = Self {
            process: spawn(&variables),
            variables,
            socket: settings.listen,
            group: settings.group,
        };
        jailer.until_it_listens().await;
        Some(jailer)
    }

    async fn kill_and_start_again(&mut self, changes: &[(&str, &str)]) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        for (key, value) in changes {
            self.variables
                .push((format!("ASSIZE_JAILER_{key}"), (*value).to_owned()));
        }
        self.process = spawn(&self.variables);
        self.until_it_listens().await;
    }

    async fn until_it_listens(&self) {
        let listens = async || std::os::unix::net::UnixStream::connect(&self.socket).is_ok();
        eventually("the jailer listens", listens).await;
    }

    /// Name of the control group that all its boxes are in.
    pub(crate) fn group(&self) -> &str {
        &self.group
    }

    pub(crate) fn boxes(&self) -> TestBoxes {
        TestBoxes::nsjail_at(&self.socket)
    }

    /// The supervisors of its boxes.
    fn supervisors(&self) -> Vec<Pid> {
        let of_group = format!("/{}/box-", self.group);
        let ours = processes("nsjail").into_iter().filter_map(|path| {
            let groups = fs::read_to_string(path.join("cgroup")).ok()?;
            let number = path.file_name()?.to_str()?.parse().ok()?;
            Pid::from_raw(number).filter(|_| groups.contains(&of_group))
        });
        ours.collect()
    }
}

impl Drop for JailerProcess {
    fn drop(&mut self) {
        let _killed = self.process.kill().and_then(|()| self.process.wait());
    }
}

fn spawn(variables: &[(String, String)]) -> Child {
    let program = Path::new(env!("CARGO_BIN_EXE_assize")).with_file_name("assize-jailer");
    Command::new(program)
        .envs(variables.iter().cloned())
        .stderr(Stdio::null())
        .spawn()
        .expect("cargo build --workspace makes target/debug/assize-jailer")
}

/// A name that the program gives itself, by which it is found from outside.
const NAME: &str = "is-judged";

/// A program that is right, and runs long enough to be met.
fn slow() -> Submission {
    let source = format!(
        "import time\nopen('/proc/self/comm', 'w').write({NAME:?})\ntime.sleep(1.5)\n\
         print(sum(map(int, input().split())))"
    );
    let mut slow = submission(&source, &[("2 3\n", "5\n")]);
    slow.limits.wall_ms = Some(30_000);
    slow
}

async fn until_it_runs(jailer: &JailerProcess) {
    let of_group = format!("/{}/box-", jailer.group);
    eventually("the program runs", async || {
        processes(NAME).iter().any(|process| {
            let groups = fs::read_to_string(process.join("cgroup"));
            groups.is_ok_and(|groups| groups.contains(&of_group))
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_ran_when_nsjail_or_the_jailer_was_killed_are_run_again() {
    let Some(mut jailer) = JailerProcess::start("killed").await else {
        return;
    };
    let boxes = jailer.boxes();
    let problems = ProblemStore::open(&boxes.settings.problems).unwrap();
    let judge = Arc::new(JudgeFixture::of(&boxes.settings, boxes.pool(1, 0), problems));
    for is_jailer in [false, true] {
        let judging = tokio::spawn({
            let judge = Arc::clone(&judge);
            async move { judge.try_to_judge(&slow()).await }
        });
        until_it_runs(&jailer).await;
        if is_jailer {
            jailer.kill_and_start_again(&[]).await;
        } else {
            for supervisor in jailer.supervisors() {
                kill_process(supervisor, Signal::KILL).unwrap();
            }
        }
        let judged = match judging.await.unwrap() {
            Ok(judged) => judged,
            // Without a jailer no box can be had at once: a worker makes another attempt.
            Err(failure) => {
                assert!(is_jailer && matches!(failure, JudgeFailure::Error(_)), "{failure:?}");
                judge.judge(&slow()).await
            }
        };
        assert_eq!(judged.verdict, Verdict::Ac, "jailer killed: {is_jailer}; {judged:#?}");
    }
    Arc::into_inner(judge).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_show_the_filter_of_the_jailer_that_is_there_now() {
    let Some(mut jailer) = JailerProcess::start("filter").await else {
        return;
    };
    let boxes = jailer.boxes();
    let problems = ProblemStore::open(&boxes.settings.problems).unwrap();
    let judge = JudgeFixture::of(&boxes.settings, boxes.pool(1, 0), problems);
    let sum = submission("print(sum(map(int, input().split())))", &[("2 3\n", "5\n")]);
    let before = judge.judge(&sum).await;
    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("profile.json");
    let profile = fs::read_to_string("seccomp/python.json").unwrap();
    let changed = profile.replacen("\"sysinfo\", ", "", 1);
    assert_ne!(changed, profile);
    fs::write(&other, changed).unwrap();
    let setting = ("SECCOMP_PROFILE", other.to_str().unwrap());
    jailer.kill_and_start_again(&[setting]).await;
    let after = judge.judge(&sum).await;
    assert_eq!((before.verdict, after.verdict), (Verdict::Ac, Verdict::Ac));
    assert_ne!(before.sandbox.filter, after.sandbox.filter);
    judge.close().await;
}

/// Directories below `/proc` of processes with this name.
fn processes(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc").unwrap();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_named = |path: &PathBuf| fs::read_to_string(path.join("comm")).is_ok_and(|found| found.trim() == name);
    paths.filter(is_named).collect()
}
