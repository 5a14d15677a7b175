//! Starts boxes with nsjail for workers that have no rights, and nothing else.
//!
//! ```text
//! worker --request--> connection -> plan (bounds) -> jail: nsjail in a control group --streams--> worker
//!                                                     |- configuration, mounts: all that nsjail is told
//!                                                     |- kafel: the one profile, as nsjail reads it
//!                                                     `- groups: limits, and what is killed when a box ends
//! ```
//!
//! A process that may connect to the socket can start boxes within the bounds of the settings: it names an environment, limits
//! and CPUs, and neither a path nor a program nor a mount. A box ends with its connection, so also with its worker. A
//! thread serves a connection; there is no runtime, and no `unsafe` code.

#![forbid(unsafe_code)]
#![expect(clippy::disallowed_types, reason = "starting nsjail is what this program is for")]

mod accounts;
mod channel;
mod configuration;
mod connection;
mod error;
mod examine;
mod groups;
mod jail;
mod kafel;
mod listen;
mod mounts;
mod plan;
mod roots;
mod serve;
mod settings;
mod wall;

pub use error::JailError;
pub use kafel::policy;
pub use serve::Jailer;
pub use settings::{Bounds, DEFAULTS, Settings, SettingsError};
