//! Settings of a worker or a command whose boxes are behind a certain wall.

use std::path::Path;

use crate::cheapest_wall::nsjail_socket;

/// Variables of the environment, and their values.
pub(crate) type Settings = Vec<(&'static str, &'static str)>;

/// Those of the cheapest wall.
pub(crate) fn cheapest_wall() -> Settings {
    settings_for(nsjail_socket())
}

/// Settings of one with boxes by the jailer at this socket, or by Docker.
pub(crate) fn settings_for(socket: Option<&'static Path>) -> Settings {
    let Some(socket) = socket.and_then(Path::to_str) else {
        return Settings::new();
    };
    vec![
        ("ASSIZE__SANDBOX__BACKEND", "nsjail"),
        ("ASSIZE__SANDBOX__NSJAIL__SOCKET", socket),
    ]
}
