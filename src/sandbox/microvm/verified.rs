//! Parts whose content was held against their digest. Reading a whole disk takes a while; what was right once is not read
//! again by this process.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::parts::{PartError, Parts};

/// By their digests. Who comes while one is read waits for it.
#[derive(Debug, Default)]
pub(super) struct Verified(Mutex<HashMap<String, Arc<OnceCell<()>>>>);

impl Verified {
    /// Whether these files are what the digest says.
    ///
    /// # Errors
    /// When they are not, or cannot be read. They are read again then.
    pub(super) async fn hold(&self, parts: &Parts, files: Vec<PathBuf>, digest: &str) -> Result<(), PartError> {
        let cell = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(digest.to_owned()).or_default())
        };
        let verify = async || {
            let (parts, digest) = (parts.clone(), digest.to_owned());
            let verified = spawn_blocking(move || parts.verify(&files, &digest)).await;
            verified.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
        };
        cell.get_or_try_init(verify).await.copied()
    }
}
