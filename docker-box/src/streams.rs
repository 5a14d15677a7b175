//! The one thing of the host that a box may see: a directory with the socket by which its runner gets its streams.

use bollard_stubs::models::{ContainerCreateBody, Mount, MountBindOptions, MountBindOptionsPropagationEnum, MountType};

use crate::Streams;

/// Where a container has that directory.
pub const STREAMS: &str = "/usr/lib/assize/streams";

/// Name of the socket in it.
pub const STREAMS_SOCKET: &str = "socket";

/// Tells the runner where its streams are.
pub(crate) fn streams_argument(streams: &Streams) -> Option<String> {
    match streams {
        Streams::Daemon => None,
        Streams::Socket(_) => Some(format!("--streams={STREAMS}/{STREAMS_SOCKET}")),
    }
}

/// Read-only, so that nothing can be made there, and without what may be mounted below it. `Mounts` and not `Binds`: the
/// daemon makes no directory where there is none. The Engine's API has no words for `nosuid`, `nodev` and `noexec`.
pub(crate) fn streams_mount(streams: &Streams) -> Option<Vec<Mount>> {
    let Streams::Socket(source) = streams else {
        return None;
    };
    Some(vec![Mount {
        target: Some(STREAMS.to_owned()),
        source: Some(source.clone()),
        typ: Some(MountType::BIND),
        read_only: Some(true),
        bind_options: Some(MountBindOptions {
            propagation: Some(MountBindOptionsPropagationEnum::RPRIVATE),
            non_recursive: Some(true),
            ..Default::default()
        }),
        ..Default::default()
    }])
}

/// Whether a mount claims to be that of the streams. Whether it is one, a comparison says.
pub fn is_streams_mount(mount: &Mount) -> bool {
    mount.target.as_deref() == Some(STREAMS)
}

/// Names the directory in a request that leaves it open. Of its own directory, in which volumes are, the daemon mounts
/// nothing that would keep a mount of the host alive: what is unmounted there is unmounted in the container too.
pub fn set_streams_source(request: &mut ContainerCreateBody, source: &str, is_in_volume: bool) {
    let mounts = request.host_config.iter_mut().flat_map(|host| host.mounts.iter_mut());
    for mount in mounts.flatten().filter(|mount| is_streams_mount(mount)) {
        mount.source = Some(source.to_owned());
        if let Some(options) = mount.bind_options.as_mut().filter(|_options| is_in_volume) {
            options.propagation = Some(MountBindOptionsPropagationEnum::RSLAVE);
        }
    }
}
