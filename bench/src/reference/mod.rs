//! What the worker is compared with: plain starts of Python, and containers made by `docker run`.
//!
//! All of them use the interpreter of the image in which submissions run, so that what is compared is the way to the
//! interpreter and not the interpreter.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::workload::Workload;

/// Says how long each start took; runs in the container.
const DRIVER: &str = include_str!("driver.py");

const PYTHON: &str = "/usr/bin/python3";

/// A program in a container that starts `python3 file.py` and measures.
#[derive(Debug)]
pub(crate) struct Plain {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Plain {
    /// Such programs in one container that lives as long as the benchmark. It is as good as none: nothing is limited, no
    /// seccomp profile slows a call down, and the interpreter lies in a volume, on the host's own file system.
    pub(crate) async fn start(image: &str, name: &str, number: usize) -> anyhow::Result<Vec<Self>> {
        let container = format!("assize-bench-{name}");
        let options = [
            "--name",
            &container,
            "--security-opt",
            "seccomp=unconfined",
            "-v",
            "/usr",
        ];
        let mut plains = vec![Self::within(image, &options)?];
        for index in 0..number {
            // The container is up when the first start is over.
            plains[index].run(&Workload::hello()).await?;
            if plains.len() < number {
                let mut command = docker(&["exec", "-i", &container, PYTHON]);
                plains.push(Self::driver(&mut command)?);
            }
        }
        Ok(plains)
    }

    /// In a container of its own.
    fn within(image: &str, options: &[&str]) -> anyhow::Result<Self> {
        let mut command = docker_run();
        command.args(options);
        Self::driver(command.args(["--tmpfs", "/tmp", "--entrypoint", PYTHON, image]))
    }

    fn driver(command: &mut Command) -> anyhow::Result<Self> {
        let mut process = command
            .args(["-I", "-S", "-c", DRIVER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run docker")?;
        let input = process.stdin.take().context("docker has no standard input")?;
        let output = process.stdout.take().context("docker has no standard output")?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// One start per test, one after the other; how long each took, in milliseconds.
    pub(crate) async fn run(&mut self, workload: &Workload) -> anyhow::Result<Vec<f64>> {
        self.ask(workload, "start").await
    }

    /// The same with a fork of one interpreter that is there already.
    pub(crate) async fn fork(&mut self, workload: &Workload) -> anyhow::Result<Vec<f64>> {
        self.ask(workload, "fork").await
    }

    async fn ask(&mut self, workload: &Workload, way: &str) -> anyhow::Result<Vec<f64>> {
        let line = format!("{}\n", workload.literal(way));
        self.input.write_all(line.as_bytes()).await?;
        let answer = self.output.next_line().await?.context("the plain starts failed")?;
        let nanoseconds: Vec<f64> = serde_json::from_str(&answer)?;
        Ok(nanoseconds.into_iter().map(|ns| ns / 1e6).collect())
    }

    /// Ends the container.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        let Self { mut process, input, .. } = self;
        drop(input);
        let status = process.wait().await?;
        ensure!(status.success(), "docker run: {status}");
        Ok(())
    }
}

/// A fresh container for one test, as the plain recipe makes it; in milliseconds.
pub(crate) async fn run_per_test(image: &str, workload: &Workload, test: usize) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut process = docker_run()
        .args(["--entrypoint", PYTHON, image, "-c", &workload.source])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run docker")?;
    let mut input = process.stdin.take().context("docker has no standard input")?;
    let given = workload
        .tests
        .get(test)
        .map(|test| test.input.whole())
        .unwrap_or_default();
    let feeding = async move {
        // A program may end before it has read everything.
        let _closed = input.write_all(given.as_bytes()).await;
    };
    let ((), ended) = tokio::join!(feeding, process.wait_with_output());
    ensure!(ended?.status.success(), "docker run failed");
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// A fresh container for a submission, with a plain start per test in it; in milliseconds.
pub(crate) async fn container_per_submission(image: &str, workload: &Workload) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut container = Plain::within(image, &[])?;
    container.run(workload).await?;
    container.stop().await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// A container from the image with nothing in it but the runner, which ends at once; in milliseconds.
pub(crate) async fn plain_box(image: &str, runtime: &str) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut command = docker_run();
    command.args(["--runtime", runtime]);
    // Without input the runner says hello, finds its input closed, and ends.
    let ended = command
        .args(["--tmpfs", "/work", image, "/work"])
        .stdin(Stdio::null())
        .output()
        .await?;
    ensure!(
        !ended.stdout.is_empty(),
        "docker run {image}: the runner said nothing; {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// What a program says that runs in a fresh container in which nothing is limited.
pub(crate) async fn output_in_container(image: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = docker_run();
    command.args(["--security-opt", "seccomp=unconfined", "--tmpfs", "/tmp"]);
    let ended = command
        .args(["--entrypoint", PYTHON, image])
        .args(arguments)
        .output()
        .await?;
    ensure!(
        ended.status.success(),
        "docker run failed: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

/// So many submissions, so many of them at once, one `docker run` per test; in seconds.
pub(crate) async fn backlog_per_test(
    image: &str,
    workload: &Workload,
    submissions: usize,
    at_once: usize,
) -> anyhow::Result<f64> {
    let tests = (0..submissions).flat_map(|_| 0..workload.tests.len());
    time_of(at_once, tests.map(|test| run_per_test(image, workload, test))).await
}

/// The same with one container per submission.
pub(crate) async fn backlog_per_submission(
    image: &str,
    workload: &Workload,
    submissions: usize,
    at_once: usize,
) -> anyhow::Result<f64> {
    let containers = (0..submissions).map(|_| container_per_submission(image, workload));
    time_of(at_once, containers).await
}

/// How long all of it takes, so much of it at once; in seconds.
async fn time_of(
    at_once: usize,
    work: impl Iterator<Item = impl Future<Output = anyhow::Result<f64>>>,
) -> anyhow::Result<f64> {
    let began = Instant::now();
    stream::iter(work)
        .buffer_unordered(at_once)
        .try_collect::<Vec<f64>>()
        .await?;
    Ok(began.elapsed().as_secs_f64())
}

/// The same with plain starts, or with forks of interpreters that are there, a chain of them per slot.
pub(crate) async fn backlog_plain(
    plains: &mut [Plain],
    workload: &Workload,
    submissions: usize,
    forked: bool,
) -> anyhow::Result<f64> {
    let began = Instant::now();
    let share = submissions.div_ceil(plains.len().max(1));
    let chains = plains.iter_mut().map(async |plain| {
        for _ in 0..share {
            if forked {
                plain.fork(workload).await?;
            } else {
                plain.run(workload).await?;
            }
        }
        anyhow::Ok(())
    });
    futures::future::try_join_all(chains).await?;
    Ok(began.elapsed().as_secs_f64())
}

fn docker_run() -> Command {
    let label = "io.assize.bench=reference";
    docker(&["run", "--rm", "-i", "--network", "none", "--label", label])
}

fn docker(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments).kill_on_drop(true);
    command
}
