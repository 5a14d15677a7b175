//! The wall of tests that are about no wall: nsjail, whose boxes cost a tenth of those of Docker.
//!
//! Docker it is with `ASSIZE_TEST=all`, and where there is no jailer.

use std::path::Path;

use crate::jailer::jailer;
use crate::runs_everything::runs_everything;

/// The socket of a jailer; `None` for Docker.
pub(crate) fn nsjail_socket() -> Option<&'static Path> {
    (!runs_everything()).then(jailer).flatten()
}
