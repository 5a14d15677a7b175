//! What a box is in the terms of the Docker Engine.
//!
//! The worker sends these requests, and the proxy before the daemon writes the same ones anew from what it read and
//! compares. Both link this crate, so both mean the same by a box. It does no input or output.

#![forbid(unsafe_code)]

mod create_request;
mod host_config;
mod labels;
mod over;
mod profile;
mod spec;
mod streams;

pub use create_request::{Owner, first_user};
pub use host_config::{NO_NETWORK, USERS, WORK, limits_update, user, user_id, user_number};
pub use labels::{BOOT, MARK, NETWORK_PURPOSE, PURPOSE, WORKER};
pub use over::over_for;
pub use profile::compact_profile;
pub use spec::{ContainerSpec, Streams};
pub use streams::{STREAMS, STREAMS_SOCKET, is_streams_mount, set_streams_source};

/// The header by which a worker shows the proxy a secret that it has made up: what it makes is told by it, and is its own.
pub const WORKER_SECRET: &str = "assize-worker-secret";

/// What every refusal of the proxy begins with; so a worker knows whose socket it has.
pub const REFUSED_BY_PROXY: &str = "refused by assize-docker-proxy";

/// What stands behind that and a colon where all boxes together would have more than a setting of the proxy allows.
pub const NO_ROOM: &str = "there is no room for it";

/// The seccomp profile that boxes run under unless the settings name another one, in Docker's format.
pub const SECCOMP_PROFILE: &str = include_str!("../../seccomp/python.json");
