//! The first report of a runner: which protocol it speaks, what it can measure, and what is in its environment.

use serde::{Deserialize, Serialize};

use crate::VERSION;
use crate::error::DecodeError;
use crate::figure::Figure;

/// Components that a runner names at most.
pub const MAX_COMPONENTS: usize = 64;

/// Longest name and longest version of a component, in bytes.
pub const MAX_COMPONENT_TEXT: usize = 64;

/// What a runner says before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`crate::VERSION`] of the runner. It stays the first field: every version can read it from every other.
    pub version: u16,
    /// What the runner can read of the box's use.
    pub meters: Meters,
    /// CPUs that programs may keep busy at once as far as the runner sees: those that they may run on. `None` where the box
    /// has a quota of CPU time, or none can be seen.
    pub cpus: Option<u32>,
    /// What the environment consists of, such as Python and numpy: at most [`MAX_COMPONENTS`], by name. Empty where the
    /// image does not say.
    pub environment: Vec<Component>,
}

/// Where the figures of a run come from. It does not change during the life of a box: a counter that was readable and
/// is not any more ends the box with a [`crate::Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meters {
    /// Source of CPU times.
    pub cpu: Figure,
    /// Best source of memory peaks. With [`Figure::Cgroup`] the peak of a single process may still be the larger one.
    pub memory_peak: Figure,
    /// Whether [`crate::RunFacts::memory_kills`] is counted. Without it a program that was killed for memory cannot be
    /// told from one that was killed by itself.
    pub memory_kills: bool,
    /// Whether [`crate::RunFacts::refused_processes`] is counted.
    pub refused_processes: bool,
    /// Whether [`crate::RunFacts::starved_us`] is measured. Without it a busy host can use up the wall limit of a program.
    pub starvation: bool,
}

impl Meters {
    /// A control group with every counter.
    pub const ALL: Self = Self {
        cpu: Figure::Cgroup,
        memory_peak: Figure::Cgroup,
        memory_kills: true,
        refused_processes: true,
        starvation: true,
    };
}

/// A part of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Such as `numpy`; at most [`MAX_COMPONENT_TEXT`] bytes.
    pub name: String,
    /// Such as `2.2.4`; at most [`MAX_COMPONENT_TEXT`] bytes.
    pub version: String,
}

impl Hello {
    /// Parses a body whose version is [`VERSION`]; of any other, only the version is read.
    pub(crate) fn decode(kind: u8, body: &[u8]) -> Result<Self, DecodeError> {
        let wrong = |source| DecodeError::Body { kind, source };
        let (found, _) = postcard::take_from_bytes(body).map_err(wrong)?;
        if found != VERSION {
            return Err(DecodeError::Version { found });
        }
        let (hello, rest) = postcard::take_from_bytes::<Self>(body).map_err(wrong)?;
        let texts = hello.environment.iter().flat_map(|part| [&part.name, &part.version]);
        if hello.environment.len() > MAX_COMPONENTS || texts.into_iter().any(|text| text.len() > MAX_COMPONENT_TEXT) {
            return Err(DecodeError::TooLarge("an environment"));
        }
        if !rest.is_empty() {
            return Err(DecodeError::Trailing {
                kind,
                extra: rest.len(),
            });
        }
        Ok(hello)
    }
}
