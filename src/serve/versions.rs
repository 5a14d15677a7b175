//! What is in the environments, as answers say.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

use crate::contract::Answer;

/// Versions by the name of the environment.
#[derive(Debug, Default)]
pub(super) struct Versions(RwLock<HashMap<String, BTreeMap<String, String>>>);

impl Versions {
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
