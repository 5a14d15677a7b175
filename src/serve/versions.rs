//! What is in the environments, as answers say.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

use crate::config::EnvironmentSettings;
use crate::contract::Answer;

/// Versions by the name of the environment.
#[derive(Debug)]
pub(super) struct Versions(RwLock<HashMap<String, BTreeMap<String, String>>>);

/// Key of the interpreter: without its version, settings do not say all that is in an environment.
const PYTHON: &str = "python";

impl Versions {
    /// What the settings say of images that `assize image build` has made; the rest is learnt.
    pub(super) fn of_settings(environments: &BTreeMap<String, EnvironmentSettings>) -> Self {
        let versions = environments.iter().map(|(name, settings)| {
            let packages = settings.packages.iter();
            let versions = packages.map(|library| (library.name.to_string(), library.version.to_string()));
            (name.clone(), versions.collect::<BTreeMap<_, _>>())
        });
        Self(RwLock::new(
            versions
                .filter(|(_name, versions)| versions.contains_key(PYTHON))
                .collect(),
        ))
    }

    /// Notes what an answer says.
    pub(super) fn learn(&self, answer: &Answer) {
        let Some(environment) = &answer.sandbox().environment else {
            return;
        };
        if self.of(&environment.name).as_ref() == Some(&environment.versions) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(environment.name.clone(), environment.versions.clone());
    }

    pub(super) fn of(&self, environment: &str) -> Option<BTreeMap<String, String>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(environment).cloned()
    }
}
