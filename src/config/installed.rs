//! What is in the environments of boxes, for problems that ask for libraries.

use serde::{Deserialize, Serialize};

use crate::libraries::Library;

/// What is in an environment of interpreted programs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentSettings {
    /// Environment with fewer libraries, whose place it takes where a problem asks for what only this one has. Empty: it is
    /// the environment of a language itself.
    pub base: String,
    /// What `assize image build` puts into it, as lines of a requirements.txt, where it is given no such file.
    pub requirements: Vec<String>,
    /// Libraries in it, such as `numpy==2.2.4`. Empty: it is not built yet, and no program runs in it.
    pub packages: Vec<Library>,
    /// Names that programs import, of which a zygote may import those ahead that a submission imports: beside the
    /// `libraries` of the language.
    pub libraries: Vec<String>,
    /// Those of them that take long to import, beside the `warm_libraries` of the language.
    pub warm_libraries: Vec<String>,
    /// Ids of problems whose submissions run in it whatever they ask for; `*` stands for any characters.
    pub problems: Vec<String>,
}

impl EnvironmentSettings {
    /// Whether programs may run in it in the place of its base.
    pub fn takes_the_place_of(&self, environment: &str) -> bool {
        self.base == environment && !self.packages.is_empty()
    }
}
