//! Validators that were built, in memory and on disk, neither of which grows without bound.

use moka::future::Cache;
use moka::policy::EvictionPolicy;

use crate::config::ValidatorSettings;
use crate::judge::JudgeError;
use crate::judge::boxes::{BoxFile, JudgeContext};
use crate::judge::plan::PackageProgram;
use crate::judge::validation::build::{BuiltValidator, Making, hash_of};
use crate::judge::validation::build_box::HOME;
use crate::judge::validation::built_on_disk::BuiltOnDisk;

/// Validators that are kept in memory, in bytes.
const KEPT: u64 = 256 << 20;

/// Validators that were built, by hash. Concurrent users of one wait for the same build.
#[derive(Debug)]
pub(in crate::judge) struct BuiltValidators {
    known: Cache<String, BuiltValidator>,
    disk: BuiltOnDisk,
}

impl BuiltValidators {
    pub(in crate::judge) fn new(settings: &ValidatorSettings) -> Self {
        Self {
            known: known_within(KEPT),
            disk: BuiltOnDisk::at(&settings.cache_directory, settings.cache_bytes),
        }
    }

    /// Removes what is too much on disk.
    pub(in crate::judge) async fn make_room(&self) {
        self.disk.make_room().await;
    }

    /// The validator, built if it is not there.
    pub(in crate::judge) async fn get(
        &self,
        program: &PackageProgram,
        context: JudgeContext<'_>,
    ) -> Result<BuiltValidator, JudgeError> {
        let files = read_files(program).await?;
        let hash = hash_of(&program.program, &files);
        let making = Making {
            program,
            hash: &hash,
            disk: &self.disk,
            context,
        };
        // The same program lies elsewhere in its box where it has another role.
        let key = format!("{} {hash}", program.role);
        let made = self.known.try_get_with_by_ref(&key, making.make(files)).await;
        made.map_err(JudgeError::Shared)
    }
}

/// At most so many bytes of them.
fn known_within(most_bytes: u64) -> Cache<String, BuiltValidator> {
    let weigh = |hash: &String, built: &BuiltValidator| {
        let bytes: usize = built.files.iter().map(|file| file.content.len()).sum();
        u32::try_from(hash.len() + bytes).unwrap_or(u32::MAX)
    };
    // One that is new is what submissions come to: frequency, which moka goes by otherwise, would keep it out.
    Cache::builder()
        .max_capacity(most_bytes)
        .weigher(weigh)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

async fn read_files(program: &PackageProgram) -> Result<Vec<BoxFile>, JudgeError> {
    let mut files = Vec::new();
    for (name, path) in &program.program.files {
        let content = tokio::fs::read(path).await.map_err(|source| JudgeError::PackageFile {
            problem: program.problem.clone(),
            file: format!("{name} of the {} {}", program.role, program.program.name),
            source,
        })?;
        files.push(BoxFile {
            path: format!("{HOME}/{name}"),
            content: program.constants.put_into(&content).into_owned().into(),
            mode: 0o755,
        });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(bytes: usize) -> BuiltValidator {
        let options = crate::config::load(None).unwrap();
        let mut built = BuiltValidator::of_asserts(&options.judging().into()).unwrap();
        built.files = vec![BoxFile {
            path: "program".to_owned(),
            content: vec![0; bytes].into(),
            mode: 0o755,
        }];
        built
    }

    #[tokio::test]
    async fn one_that_is_new_is_kept_and_what_was_not_used_for_longest_goes() {
        let known = known_within(100_000);
        let names = ["one", "two", "three", "four", "five"];
        for name in names {
            known.insert(name.to_owned(), built(40_000)).await;
            // "one" is used all the time.
            assert!(known.get("one").await.is_some(), "beside {name}");
            known.run_pending_tasks().await;
        }
        let kept = names.map(|name| known.contains_key(name));
        assert_eq!(kept, [true, false, false, false, true]);
    }
}
