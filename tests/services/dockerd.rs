//! A Docker Engine of this test run's own, which may be stopped, killed and frozen. The machine's own is never touched.
//!
//! ```text
//! supervisor (sh): waits for the end of the tests, then ends the house and removes what is left
//!  `- house (unshare): namespaces of its own for network, mounts and processes; ends with everything in it
//!      `- dockerd, its containerd, their containers
//! ```
//!
//! It has no bridge: boxes need none. In the network of the machine it would remove the bridge of the machine's daemon.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use bollard::errors::Error;
use bollard::query_parameters::{KillContainerOptions, ListContainersOptionsBuilder};
use bollard::{API_DEFAULT_VERSION, Docker};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard, OnceCell};
use uuid::Uuid;

use crate::services::OwnGroup as _;
use crate::skipped::skipped;
use crate::waiting::eventually;

const IMAGE: &str = "assize/python3:latest";

/// What the supervisor does: `$1` is the directory, `$2` the parent of all control groups.
const SUPERVISOR: &str = r#"
    unshare --net --mount --pid --fork --kill-child --mount-proc \
        sh -c 'ip link set lo up; trap "" CHLD; exec sleep infinity' </dev/null >/dev/null &
    house=$!
    first=
    until [ -n "$first" ] && [ -e /proc/$first/exe ]; do
        sleep 0.05
        read -r first </proc/$house/task/$house/children
    done
    echo $first
    cat >/dev/null
    kill -s KILL $house
    wait
    while [ -e /proc/$first/ns/pid ]; do sleep 0.05; done
    find /sys/fs/cgroup -depth -type d -path "*/$2*" -exec rmdir {} + 2>/dev/null
    rm -rf "$1"
"#;

/// The daemon, for one test at a time.
#[derive(Debug)]
pub(crate) struct Dockerd {
    home: String,
    cgroup: String,
    /// First process of the house.
    init: String,
    /// The daemon, if it was started and its end was not waited for.
    process: std::sync::Mutex<Option<Child>>,
    /// Its standard input closes when the tests have ended, however they did.
    _supervisor: Child,
}

static DOCKERD: OnceCell<Option<Mutex<Dockerd>>> = OnceCell::const_new();

impl Dockerd {
    /// The daemon, which runs and has the image of Python; `None` where there can be none.
    pub(crate) async fn get() -> Option<MutexGuard<'static, Self>> {
        let dockerd = DOCKERD.get_or_init(prepare).await.as_ref()?.lock().await;
        // The test before may have left it in any state.
        dockerd.signal("CONT");
        dockerd.signal("KILL");
        dockerd.start().await;
        Some(dockerd)
    }

    /// The setting that has a worker use it.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}/docker.sock", self.home)
    }

    pub(crate) fn client(&self) -> Docker {
        Docker::connect_with_socket(&self.host(), 60, API_DEFAULT_VERSION).unwrap()
    }

    /// Starts it, and waits until it answers.
    pub(crate) async fn start(&self) {
        self.ended().await;
        let home = &self.home;
        // They would keep it from starting.
        for left in ["docker.pid", "run/containerd/containerd.pid"] {
            let _not_there = std::fs::remove_file(format!("{home}/{left}"));
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(format!("{home}/log"))
            .unwrap();
        let process = self
            .inside(&["dockerd", "--bridge=none", "--iptables=false", "--shutdown-timeout=2"])
            .args([format!("--data-root={home}/data"), format!("--exec-root={home}/run")])
            .args([
                format!("--pidfile={home}/docker.pid"),
                format!("--host={}", self.host()),
            ])
            // Not that of the machine's daemon.
            .arg(format!("--config-file={home}/daemon.json"))
            .arg(format!("--cgroup-parent=/{}", self.cgroup))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        *self.process.lock().unwrap() = Some(process);
        eventually("the second dockerd", async || {
            match Docker::connect_with_socket(&self.host(), 60, API_DEFAULT_VERSION) {
                Ok(client) => client.ping().await.is_ok(),
                Err(_no_socket) => false,
            }
        })
        .await;
    }

    /// Sends a signal to the daemon and to its containerd, in this order.
    pub(crate) fn signal(&self, name: &str) {
        for file in ["docker.pid", "run/containerd/containerd.pid"] {
            if let Ok(pid) = std::fs::read_to_string(format!("{}/{file}", self.home)) {
                let mut kill = self.inside(&["kill", "-s", name, pid.trim()]);
                // It may be gone already.
                let _gone = kill.stderr(Stdio::null()).status();
            }
        }
        // Who waits for a process that stops, stops as well.
        if let Some(process) = self.process.lock().unwrap().as_ref().filter(|_| name == "CONT") {
            let _gone = Command::new("kill")
                .args(["-s", name, &process.id().to_string()])
                .status();
        }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(&self) {
        let pid = std::fs::read_to_string(format!("{}/docker.pid", self.home)).unwrap();
        let asked = self.inside(&["kill", "-s", "TERM", pid.trim()]).status().unwrap();
        assert!(asked.success());
        self.ended().await;
    }

    async fn ended(&self) {
        if let Some(mut process) = self.process.lock().unwrap().take() {
            tokio::task::block_in_place(|| process.wait()).unwrap();
        }
    }

    /// Names of all containers whose labels hold this, running or not.
    pub(crate) async fn containers(&self, label: &str) -> Vec<String> {
        let filters = [("label".to_owned(), vec![label.to_owned()])].into();
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let found = self.client().list_containers(Some(options)).await.unwrap();
        found.into_iter().filter_map(|found| found.names?.pop()).collect()
    }

    /// Ends a container, if it runs.
    pub(crate) async fn kill(&self, name: &str) {
        let killed = self.client().kill_container(name, None::<KillContainerOptions>).await;
        // One that has ended stays until its worker removes it: 409, or 404 where that was meanwhile.
        assert!(
            matches!(
                killed,
                Ok(())
                    | Err(Error::DockerResponseServerError {
                        status_code: 404 | 409,
                        ..
                    })
            ),
            "{killed:?}"
        );
    }

    /// The client program, for this daemon.
    pub(crate) fn docker(&self, arguments: &[&str]) {
        let done = Command::new("docker")
            .args(["-H", &self.host()])
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    /// A program in the house.
    fn inside(&self, command: &[&str]) -> Command {
        let mut inside = Command::new("nsenter");
        inside
            .args(["--target", &self.init, "--net", "--mount", "--pid"])
            .args(command)
            .stdin(Stdio::null());
        inside
    }
}

async fn prepare() -> Option<Mutex<Dockerd>> {
    if let Some(reason) = impossible() {
        skipped(&format!(
            "{reason}, so no second Docker Engine can be started, and nothing is known of daemons that die"
        ));
        return None;
    }
    let home = TempDir::with_prefix("assize-dockerd-").unwrap().keep();
    let home = home.to_str().unwrap().to_owned();
    std::fs::write(format!("{home}/daemon.json"), "{}").unwrap();
    let cgroup = format!("assize-test-{}", Uuid::new_v4().simple());
    let mut supervisor = Command::new("sh")
        .args(["-c", SUPERVISOR, "supervisor", &home, &cgroup])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group_of_its_own()
        .spawn()
        .unwrap();
    let mut init = String::new();
    BufReader::new(supervisor.stdout.take().unwrap())
        .read_line(&mut init)
        .unwrap();
    let dockerd = Dockerd {
        home,
        cgroup,
        init: init.trim().to_owned(),
        process: std::sync::Mutex::default(),
        _supervisor: supervisor,
    };
    dockerd.start().await;
    let host = dockerd.host();
    let load = format!("docker save {IMAGE} | docker -H {host} load");
    let loaded = Command::new("sh")
        .args(["-c", &load])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(loaded.success(), "cannot load {IMAGE}; build it with `make images`");
    Some(Mutex::new(dockerd))
}

fn impossible() -> Option<&'static str> {
    let is_there = |program: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
    };
    if !rustix::process::geteuid().is_root() {
        return Some("this is not run as root");
    }
    (!is_there("dockerd")).then_some("dockerd is not installed here")
}
