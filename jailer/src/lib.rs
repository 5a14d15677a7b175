//! Starts boxes with nsjail for workers that have no rights, and nothing else.
//!
//! ```text
//! worker --request--> server -> plan (bounds) -> jail: nsjail in a control group --streams--> worker
//!                                                 |- nsjail: all that it is told
//!                                                 |    |- configuration, mounts
//!                                                 |    `- kafel: the one seccomp profile, as nsjail reads it
//!                                                 `- control groups: limits, and what is killed when a box ends
//! ```
//!
//! A process that may connect to the socket can start boxes within the bounds of the settings: it names an environment, limits
//! and CPUs, and neither a path nor a program nor a mount. A box ends with its connection, so also with its worker. A
//! thread serves a connection; there is no runtime, and no `unsafe` code.

#![forbid(unsafe_code)]
#![expect(clippy::disallowed_types, reason = "starting nsjail is what this program is for")]

mod accounts;
mod error;
mod examine;
mod jail;
mod nsjail;
mod plan;
mod roots;
mod server;
mod settings;
mod wall;

pub use error::JailError;
pub use nsjail::policy;
pub use server::Jailer;
pub use settings::{Bounds, DEFAULTS, Settings, SettingsError};
