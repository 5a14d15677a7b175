//! What can be asked for of a service before workers.

use std::collections::BTreeMap;
use std::fs::File;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::Brokered;
use crate::contract::{KeptProblem, ProblemInfo};
use crate::gateway::{Catalog, EngineError, PackageSender};
use crate::serve::problems::{keep_package, package_file, problem_ids, problem_info};

impl Catalog for Brokered {
    fn problems(&self) -> BoxFuture<'_, Result<Vec<String>, EngineError>> {
        problem_ids(&self.problems).boxed()
    }

    fn problem(&self, id: String) -> BoxFuture<'_, Result<Option<ProblemInfo>, EngineError>> {
        problem_info(&self.problems, id).boxed()
    }

    fn package_file(&self, id: String, sender: PackageSender) -> BoxFuture<'_, Result<File, EngineError>> {
        package_file(&self.problems, id, sender).boxed()
    }

    fn clear_cache(&self) -> BoxFuture<'_, ()> {
        self.problems.clear_cache().boxed()
    }

    fn keep_package(
        &self,
        id: String,
        sender: PackageSender,
        archive: File,
    ) -> BoxFuture<'_, Result<KeptProblem, EngineError>> {
        keep_package(&self.problems, id, sender, archive).boxed()
    }

    fn versions(&self, environment: &str) -> Option<BTreeMap<String, String>> {
        self.versions.of(environment)
    }
}
