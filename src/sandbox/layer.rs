//! A layer of a box's wall that can be left out, to show that the others hold without it.

use serde::{Deserialize, Serialize};

/// A layer that the container runtime puts up. None is ever left out of a box that judges for real: this is for
/// attacking the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The seccomp profile of the container; the runner's own filter stays.
    Seccomp,
    /// The empty capability sets. The user stays unprivileged, so the usual ones come back to the bounding set only.
    Capabilities,
    /// The network without interfaces; the box gets the bridge instead.
    Network,
    /// The read-only root.
    ReadOnlyRoot,
}

impl Layer {
    /// Every layer that can be left out. `no-new-privileges` cannot: the runner sets it itself.
    pub const ALL: [Self; 4] = [Self::Seccomp, Self::Capabilities, Self::Network, Self::ReadOnlyRoot];

    /// The word in headers of attacks and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seccomp => "seccomp",
            Self::Capabilities => "capabilities",
            Self::Network => "network",
            Self::ReadOnlyRoot => "read_only_root",
        }
    }

    /// The layer of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}
