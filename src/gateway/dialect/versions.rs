//! Which language of this service is meant, and of which version it is.

use crate::gateway::api::Api;

/// Stands for a version that is not known before a program has run.
pub(super) const ANY: &str = "*";

/// The key of the interpreter in what an environment holds.
const PYTHON: &str = "python";

/// A language that takes submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offered {
    /// Its name here.
    pub(super) name: String,
    /// Version of its interpreter, if a program has run in it.
    pub(super) version: Option<String>,
}

/// The languages that take submissions, the default one first.
pub(super) fn offered(api: &Api) -> Vec<Offered> {
    let languages = api.languages.iter().filter(|(_name, language)| language.offered);
    let mut offered: Vec<Offered> = languages
        .map(|(name, language)| {
            let versions = api.catalog.versions(&language.environment).unwrap_or_default();
            Offered {
                name: name.clone(),
                version: versions.get(PYTHON).or_else(|| versions.get(name)).cloned(),
            }
        })
        .collect();
    offered.sort_by_key(|language| language.name != api.default_language);
    offered
}
