//! The wall of tests that are about no wall: nsjail, whose boxes cost a tenth of those of Docker.
//!
//! Docker it is with `ASSIZE_TEST=all`, and where there is no jailer.

use std::path::Path;

use crate::jailer::jailer;

/// The socket of a jailer; `None` for Docker.
pub(crate) fn nsjail_socket() -> Option<&'static Path> {
    let is_docker_wanted = std::env::var("ASSIZE_TEST").is_ok_and(|wanted| wanted == "all");
    (!is_docker_wanted).then(jailer).flatten()
}
