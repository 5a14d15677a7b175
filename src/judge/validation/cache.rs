//! Validators that were built, in memory and on disk, neither of which grows without bound.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tokio::sync::OnceCell;

use crate::judge::JudgeError;
use crate::judge::boxes::{BoxFile, JudgeContext};
use crate::judge::plan::CustomValidation;
use crate::judge::validation::build::{BuiltValidator, hash_of, make};
use crate::judge::validation::build_box::HOME;

/// Validators that are kept in memory.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);

/// Validators that were built, by hash. Concurrent users of one wait for the same build.
#[derive(Debug)]
pub(in crate::judge) struct BuiltValidators {
    known: Mutex<LruCache<String, Arc<OnceCell<BuiltValidator>>>>,
}

impl Default for BuiltValidators {
    fn default() -> Self {
        Self {
            known: Mutex::new(LruCache::new(KEPT)),
        }
    }
}

impl BuiltValidators {
    /// The validator, built if it is not there.
    pub(in crate::judge) async fn get(
        &self,
        validation: &CustomValidation,
        context: JudgeContext<'_>,
    ) -> Result<BuiltValidator, JudgeError> {
        let files = read_files(validation).await?;
        let hash = hash_of(&validation.program, &files);
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.get_or_insert(hash.clone(), Arc::default))
        };
        let build = async { make(validation, files, &hash, context).await };
        cell.get_or_try_init(|| build).await.cloned()
    }
}

async fn read_files(validation: &CustomValidation) -> Result<Vec<BoxFile>, JudgeError> {
    let mut files = Vec::new();
    for (name, path) in &validation.program.files {
        let content = tokio::fs::read(path).await.map_err(|source| JudgeError::PackageFile {
            problem: validation.problem.clone(),
            file: format!("{name} of the output validator {}", validation.program.name),
            source,
        })?;
        files.push(BoxFile {
            path: format!("{HOME}/{name}"),
            content: content.into(),
            mode: 0o755,
        });
    }
    Ok(files)
}
