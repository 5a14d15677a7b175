//! Leaves layers out of a box, for attacks on those that stay. Only `DockerBackend::without` leads here.

use bollard::models::{ContainerCreateBody, HostConfig};

use crate::sandbox::{BackendError, Layer};

/// A layer of a container that can be left out. `no-new-privileges` cannot: the runner sets it itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DockerLayer {
    /// The seccomp profile of the container; the runner's own filter stays.
    Seccomp,
    /// The empty capability sets. The user stays unprivileged, so the usual ones come back to the bounding set only.
    Capabilities,
    /// The network without interfaces; the box gets the bridge instead.
    Network,
    /// The read-only root.
    ReadOnlyRoot,
}

impl DockerLayer {
    const ALL: [Self; 4] = [Self::Seccomp, Self::Capabilities, Self::Network, Self::ReadOnlyRoot];

    const fn name(self) -> &'static str {
        match self {
            Self::Seccomp => "seccomp",
            Self::Capabilities => "capabilities",
            Self::Network => "network",
            Self::ReadOnlyRoot => "read_only_root",
        }
    }

    /// The names of them all.
    pub(super) fn names() -> Vec<Layer> {
        Self::ALL.map(|layer| Layer::of_backend(layer.name())).to_vec()
    }

    /// The layer of that name.
    pub(super) fn of(named: &Layer) -> Result<Self, BackendError> {
        let found = Self::ALL.into_iter().find(|layer| layer.name() == named.name());
        found.ok_or_else(|| BackendError::NoSuchLayer {
            backend: super::NAME,
            layer: named.name().to_owned(),
            layers: Self::ALL.map(Self::name).join(", "),
        })
    }
}

/// The same request with these layers missing.
pub(super) fn leave_out(mut request: ContainerCreateBody, layers: &[DockerLayer]) -> ContainerCreateBody {
    for layer in layers {
        let host = request.host_config.get_or_insert_default();
        match layer {
            DockerLayer::Seccomp => replace_profile(host),
            DockerLayer::Capabilities => host.cap_drop = None,
            DockerLayer::ReadOnlyRoot => host.readonly_rootfs = Some(false),
            DockerLayer::Network => {
                host.network_mode = Some("bridge".to_owned());
                request.network_disabled = Some(false);
                request.hostname = Some("box".to_owned());
            }
        }
    }
    request
}

fn replace_profile(host: &mut HostConfig) {
    let options = host.security_opt.get_or_insert_default();
    options.retain(|option| !option.starts_with("seccomp="));
    options.push("seccomp=unconfined".to_owned());
}
