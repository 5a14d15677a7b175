//! A layer of a box's wall that can be left out, to show that the others hold without it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a layer that a backend puts up. None is ever left out of a box that judges for real: this is for attacking
/// the rest. Which layers there are differs between backends, see [`crate::sandbox::BackendFacts::layers`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Layer(Cow<'static, str>);

impl Layer {
    /// The layer of that name, whether or not there is a backend that has it.
    pub fn named(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }

    /// A layer that a backend has.
    pub(in crate::sandbox) const fn of_backend(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The word in headers of attacks and in reports.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
