//! The problems that there are.

use std::fs::File;

use crate::contract::{
    KeptProblem, ProblemInfo, ProblemRef, ProblemTests, Rejected, RejectionCode, Submission, Target,
};
use crate::gateway::{EngineError, PackageSender};
use crate::problem::{
    Kind, Package, PackageOwner, ProblemCulprit, ProblemError, ProblemFault, ProblemStore, PutError, TestedBy,
};
use crate::serve::known_problems::KnownProblems;

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
        Ok(package) => Ok(Some(info(&package))),
        Err(error) if is_unknown(&error) => Ok(None),
        // What is being changed, or cannot be reached, may be here in a while.
        Err(error) => Err(EngineError::Unavailable(error.to_string())),
    }
}

fn is_unknown(error: &ProblemError) -> bool {
    matches!(
        error.fault(),
        ProblemFault::Unknown(_) | ProblemFault::NoId(_) | ProblemFault::OtherRevision { .. }
    )
}

/// Refuses a submission to a problem that is not here. What else may be wrong with it, workers find and tell.
pub(super) async fn check_problem(
    store: &ProblemStore,
    known: &KnownProblems,
    submission: &Submission,
) -> Result<(), Rejected> {
    let Target::Problem(wanted) = &submission.target else {
        return Ok(());
    };
    let sources = store.sources();
    let sources = sources.map(|source| (source.is_storage(), source.look_for(wanted)));
    let Some(error) = known.fault_of(wanted, sources.collect()).await else {
        return Ok(());
    };
    let field = match error.fault() {
        ProblemFault::Unknown(_) | ProblemFault::NoId(_) => "problem.id",
        ProblemFault::OtherRevision { .. } => "problem.revision",
        _ => return Ok(()),
    };
    // A service may stand on a host of its own, without the problems.
    if store.is_bare().await {
        return Ok(());
    }
    Err(Rejected {
        id: Some(submission.id),
        code: RejectionCode::UnknownProblem,
        field: Some(field.to_owned()),
        reason: error.to_string(),
    })
}

fn info(package: &Package) -> ProblemInfo {
    ProblemInfo {
        id: package.id.clone(),
        title: package.title.clone(),
        revision: package.revision.clone(),
        tests: package.tests.len() as u64,
        scoring: package.kind != Kind::PassFail,
        interactive: package.interactive,
        tested_by: match package.tested_by {
            TestedBy::Inputs => ProblemTests::Inputs,
            TestedBy::Functions => ProblemTests::Functions,
            TestedBy::UnitTests => ProblemTests::UnitTests,
        },
    }
}

/// A file without a name, for an archive that comes and could be kept.
pub(super) async fn package_file(store: &ProblemStore, id: String, sender: PackageSender) -> Result<File, EngineError> {
    store.scratch_file(&id, &owner(&sender)).await.map_err(not_kept)
}

/// Keeps an archive as the newest revision of a problem.
pub(super) async fn keep_package(
    store: &ProblemStore,
    id: String,
    sender: PackageSender,
    archive: File,
) -> Result<KeptProblem, EngineError> {
    let kept = store.put(&id, &owner(&sender), archive).await.map_err(not_kept)?;
    Ok(KeptProblem {
        problem: info(&kept.package),
        warnings: kept.warnings,
    })
}

fn owner(sender: &PackageSender) -> PackageOwner {
    PackageOwner {
        name: sender.site.to_string(),
        may_replace_all: sender.may_replace_all,
    }
}

fn not_kept(error: PutError) -> EngineError {
    match &error {
        PutError::NoStorage | PutError::InDirectory(_) => EngineError::CannotKeep(error.to_string()),
        PutError::OfAnother(_) => EngineError::Forbidden(error.to_string()),
        PutError::Problem(problem) => match problem.culprit() {
            ProblemCulprit::Package | ProblemCulprit::NotHere => EngineError::Package(error.to_string()),
            ProblemCulprit::Storage | ProblemCulprit::Host | ProblemCulprit::Judge => {
                EngineError::Unavailable(error.to_string())
            }
        },
    }
}
