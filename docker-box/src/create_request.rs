//! The whole of what the daemon is asked for when a box is made. The worker sends it, and the proxy lets nothing else
//! through.

use bollard_stubs::models::ContainerCreateBody;
use uuid::Uuid;

use crate::host_config::{CLEARED, NO_NETWORK, WORK, host_config, user};
use crate::streams::streams_argument;
use crate::{BOOT, ContainerSpec, MARK, PURPOSE, WORKER};

/// Whose box it is, and what is the same for all boxes of a worker.
#[derive(Debug)]
pub struct Owner<'a> {
    /// Name of the worker.
    pub worker: &'a str,
    /// What the worker's process drew when it started.
    pub boot: Uuid,
    /// The seccomp profile, as JSON.
    pub profile: &'a str,
    /// OCI runtime; empty: the daemon's default.
    pub runtime: &'a str,
}

impl Owner<'_> {
    /// A container whose network is `network`, as in Docker's `NetworkMode`.
    pub fn create_request(&self, spec: &ContainerSpec, network: String) -> ContainerCreateBody {
        // A container that joins a namespace takes the name of its host from there.
        let hostname = (network == NO_NETWORK).then(|| "box".to_owned());
        let labels = [
            (MARK, "1".to_owned()),
            (WORKER, self.worker.to_owned()),
            (BOOT, self.boot.to_string()),
            (PURPOSE, spec.purpose.clone()),
        ];
        ContainerCreateBody {
            image: Some(spec.image.clone()),
            user: Some(user(first_user(self.boot), spec.user)),
            working_dir: Some(WORK.to_owned()),
            hostname,
            cmd: Some(arguments(spec)),
            labels: Some(labels.map(|(key, value)| (key.to_owned(), value)).into()),
            open_stdin: Some(true),
            stdin_once: Some(true),
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(false),
            network_disabled: Some(network == NO_NETWORK),
            host_config: Some(host_config(spec, self.profile, self.runtime, network)),
            ..Default::default()
        }
    }
}

/// Arguments of the runner.
fn arguments(spec: &ContainerSpec) -> Vec<String> {
    let cleared = CLEARED.iter().map(ToString::to_string);
    cleared.chain(streams_argument(&spec.streams)).collect()
}

/// Where the users of a worker's slots begin, so that workers on one host seldom share one.
pub fn first_user(boot: Uuid) -> usize {
    usize::from(boot.as_bytes()[0])
}
