//! Plain Python: a container that is made as a box is, with a small driver in the place of the runner.

use std::pin::Pin;

use assize_protocol::RUNNER_PROCESSES;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bollard::Docker;
use bollard::container::{AttachContainerResults, LogOutput};
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, RemoveContainerOptionsBuilder, StartContainerOptions,
};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::boxes::Walls;
use crate::outcome::{Outcome, Place};
use crate::programs::Program;

const DRIVER: &str = include_str!("driver.py");

/// A container whose first process starts plain interpreters.
pub(crate) struct PlainPython<'a> {
    walls: &'a Walls,
    docker: Docker,
    id: String,
    input: Pin<Box<dyn AsyncWrite + Send>>,
    output: BoxStream<'static, Vec<u8>>,
    unread: Vec<u8>,
}

impl<'a> PlainPython<'a> {
    pub(crate) async fn start(walls: &'a Walls) -> Self {
        let docker = Docker::connect_with_local_defaults().unwrap();
        let request = like_a_box(walls, &docker).await;
        let created = docker.create_container(None::<CreateContainerOptions>, request).await;
        let id = created.unwrap().id;
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdin(true)
            .stdout(true)
            .stderr(true)
            .build();
        let AttachContainerResults { input, output } = docker.attach_container(&id, Some(options)).await.unwrap();
        docker
            .start_container(&id, None::<StartContainerOptions>)
            .await
            .unwrap();
        let said = output.filter_map(|piece| async {
            match piece.unwrap() {
                LogOutput::StdOut { message } => Some(message.to_vec()),
                LogOutput::StdErr { message } => panic!("the driver: {}", String::from_utf8_lossy(&message)),
                LogOutput::StdIn { .. } | LogOutput::Console { .. } => None,
            }
        });
        Self {
            walls,
            docker,
            id,
            input,
            output: said.boxed(),
            unread: Vec::new(),
        }
    }

    async fn line(&mut self) -> Vec<u8> {
        loop {
            if let Some(end) = self.unread.iter().position(|&byte| byte == b'\n') {
                return self.unread.drain(..=end).collect();
            }
            let piece = self.output.next().await.expect("the driver ended");
            self.unread.extend(piece);
        }
    }

    async fn ask(&mut self, program: &Program) -> Outcome {
        let limits = self.walls.limits(program);
        let command = ["/usr/bin/python3", "main.py"].map(ToOwned::to_owned).into_iter();
        let files = program
            .files
            .iter()
            .map(|(path, content)| json!([path, BASE64.encode(content)]));
        let request = json!({
            "argv": command.chain(program.args.clone()).collect::<Vec<_>>(),
            "env": self.walls.python().env,
            "files": files.collect::<Vec<_>>(),
            "stdin": BASE64.encode(&program.stdin),
            "wall": program.wall.as_secs_f64(),
            "cpu_seconds": limits.cpu_us.div_ceil(1_000_000) + 2,
            "stack_bytes": limits.memory_bytes,
            "reader_gone": program.reader_gone,
        });
        self.input.write_all(format!("{request}\n").as_bytes()).await.unwrap();
        self.input.flush().await.unwrap();
        let answer: Value = serde_json::from_slice(&self.line().await).unwrap();
        let text = |key: &str| answer[key].as_str().unwrap();
        Outcome {
            end: text("end").to_owned(),
            stdout: BASE64.decode(text("stdout")).unwrap(),
            stderr: BASE64.decode(text("stderr")).unwrap(),
        }
    }
}

impl Place for PlainPython<'_> {
    fn run<'a>(&'a mut self, program: &'a Program) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> {
        Box::pin(self.ask(program))
    }

    async fn leave(self) {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        self.docker.remove_container(&self.id, Some(options)).await.unwrap();
    }
}

/// The request for a container that differs from a box in its entry point only: whatever Docker says of a box is
/// copied.
async fn like_a_box(walls: &Walls, docker: &Docker) -> ContainerCreateBody {
    let model = walls.sandbox.launch(&walls.spec()).await.unwrap();
    let found = docker.inspect_container(&model.id, None).await.unwrap();
    drop(model);
    let (config, mut host) = (found.config.unwrap(), found.host_config.unwrap());
    // The driver is one process, and the runner counts for more.
    let more = (RUNNER_PROCESSES - 1).cast_signed();
    host.pids_limit = host.pids_limit.map(|limit| limit - more);
    // The socket for its streams is taken, and the directory in which it was is gone.
    host.mounts = None;
    let of_another = |mode: &String| mode.starts_with("container:");
    ContainerCreateBody {
        image: config.image,
        user: config.user,
        working_dir: config.working_dir,
        // It comes with the network where that is another container's.
        hostname: config
            .hostname
            .filter(|_| !host.network_mode.as_ref().is_some_and(of_another)),
        env: config.env,
        labels: config.labels,
        entrypoint: Some(
            ["/usr/bin/python3", "-I", "-S", "-c", DRIVER]
                .map(ToOwned::to_owned)
                .into(),
        ),
        cmd: Some(Vec::new()),
        open_stdin: Some(true),
        stdin_once: Some(true),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(false),
        network_disabled: config.network_disabled,
        host_config: Some(host),
        ..Default::default()
    }
}
