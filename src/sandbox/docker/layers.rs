//! Leaves layers out of a box, for attacks on those that stay. Only [`DockerSandbox::without`] leads here.
//!
//! [`DockerSandbox::without`]: crate::sandbox::DockerSandbox::without

use bollard::models::{ContainerCreateBody, HostConfig};

use crate::sandbox::Layer;

/// The same wish with these layers missing.
pub(super) fn leave_out(mut wish: ContainerCreateBody, layers: &[Layer]) -> ContainerCreateBody {
    for layer in layers {
        let host = wish.host_config.get_or_insert_default();
        match layer {
            Layer::Seccomp => replace_profile(host),
            Layer::Capabilities => host.cap_drop = None,
            Layer::ReadOnlyRoot => host.readonly_rootfs = Some(false),
            Layer::Network => {
                host.network_mode = Some("bridge".to_owned());
                wish.network_disabled = Some(false);
                wish.hostname = Some("box".to_owned());
            }
        }
    }
    wish
}

fn replace_profile(host: &mut HostConfig) {
    let options = host.security_opt.get_or_insert_default();
    options.retain(|option| !option.starts_with("seccomp="));
    options.push("seccomp=unconfined".to_owned());
}
