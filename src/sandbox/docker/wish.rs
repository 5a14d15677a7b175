//! The whole of what the daemon is asked for when a box is made. The worker sends it, and the socket proxy lets nothing
//! else through.

use bollard::models::ContainerCreateBody;
use uuid::Uuid;

use crate::sandbox::BoxSpec;
use crate::sandbox::docker::host_config::{CLEARED, NO_NETWORK, WORK, host_config, user};
use crate::sandbox::docker::sweep;

/// Labels of every box, with the name of its worker and what it is for.
pub(super) const MARK: &str = "io.assize";
pub(super) const WORKER: &str = "io.assize.worker";
pub(super) const PURPOSE: &str = "io.assize.purpose";

/// Whose box it is, and what is the same for all boxes of a worker.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    pub(super) worker: &'a str,
    pub(super) boot: Uuid,
    pub(super) profile: &'a str,
    pub(super) runtime: &'a str,
    /// Name of the image that the environment stands for.
    pub(super) image: &'a str,
}

impl Maker<'_> {
    /// A container whose network is `network`, as in Docker's `NetworkMode`.
    pub(super) fn wish(&self, spec: &BoxSpec, network: String) -> ContainerCreateBody {
        // A container that joins a namespace takes the name of its host from there.
        let hostname = (network == NO_NETWORK).then(|| "box".to_owned());
        let labels = [
            (MARK, "1".to_owned()),
            (WORKER, self.worker.to_owned()),
            (sweep::LABEL, self.boot.to_string()),
            (PURPOSE, spec.purpose.clone()),
        ];
        ContainerCreateBody {
            image: Some(self.image.to_owned()),
            user: Some(user(first_user(self.boot), spec.placement.slot, spec.role)),
            working_dir: Some(WORK.to_owned()),
            hostname,
            cmd: Some(CLEARED.iter().map(ToString::to_string).collect()),
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

/// Where the users of a worker's slots begin, so that workers on one host seldom share one.
pub(super) fn first_user(boot: Uuid) -> usize {
    usize::from(boot.as_bytes()[0])
}
