//! The problems that there are.

use crate::contract::{ProblemInfo, ProblemRef};
use crate::gateway::EngineError;
use crate::problem::{Kind, ProblemCulprit, ProblemStore};

/// Ids of the problems of the directory, in order. Those of an object storage are not listed by it.
pub(super) async fn problem_ids(store: &ProblemStore) -> Result<Vec<String>, EngineError> {
    store
        .ids()
        .await
        .map_err(|error| EngineError::Unavailable(format!("the problems cannot be listed: {error}")))
}

/// A problem; `None` when there is none of this id.
pub(super) async fn problem_info(store: &ProblemStore, id: String) -> Result<Option<ProblemInfo>, EngineError> {
    let wanted = ProblemRef { id, revision: None };
    match store.get(&wanted).await {
        Ok(package) => Ok(Some(ProblemInfo {
            id: package.id.clone(),
            title: package.title.clone(),
            revision: package.revision.clone(),
            tests: package.tests.len() as u64,
            scoring: package.kind != Kind::PassFail,
            interactive: package.interactive,
        })),
        Err(error) if error.culprit() == ProblemCulprit::NotHere => Ok(None),
        Err(error) => Err(EngineError::Unavailable(error.to_string())),
    }
}
