//! Whose problem it is: the site that put it first. Its name lies beside the revisions, so that every service knows it.

use object_store::{Error, ObjectStore as _, PutMode, PutOptions};

use crate::problem::ProblemError;
use crate::problem::store::remote::{Remote, away};
use crate::problem::store::upload::{PackageOwner, PutError};

/// The object that holds the name.
const OWNER: &str = "owner";

/// Longest name, in bytes. A longer one is the name of no site.
const LONGEST: usize = 4096;

impl Remote {
    /// Refuses who may not put a revision of a problem. What lies there without an owner was put there by an operator.
    pub(super) async fn check_owner(&self, id: &str, owner: &PackageOwner) -> Result<(), PutError> {
        if owner.may_replace_all {
            return Ok(());
        }
        let is_theirs = match self.owner(id).await? {
            Some(name) => name == owner.name,
            None => self.find(&self.path_of(id, "latest")).await?.is_none(),
        };
        is_theirs
            .then_some(())
            .ok_or_else(|| PutError::OfAnother(id.to_owned()))
    }

    /// Makes a problem theirs that has no owner. Of two who do so at once the second is refused.
    pub(super) async fn claim(&self, id: &str, owner: &PackageOwner) -> Result<(), PutError> {
        let path = self.path_of(id, OWNER);
        let only_new = PutOptions::from(PutMode::Create);
        let content = owner.name.clone().into_bytes().into();
        match self.shared_storage().put_opts(&path, content, only_new).await {
            Ok(_claimed) => Ok(()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => self.check_owner(id, owner).await,
            Err(error) => Err(away(&path, error).into()),
        }
    }

    async fn owner(&self, id: &str) -> Result<Option<String>, ProblemError> {
        let path = self.path_of(id, OWNER);
        let Some(found) = self.find(&path).await? else {
            return Ok(None);
        };
        if found.meta.size > LONGEST as u64 {
            return Ok(Some(String::new()));
        }
        let content = found.bytes().await.map_err(|source| away(&path, source))?;
        Ok(Some(String::from_utf8_lossy(&content).into_owned()))
    }
}
