//! The containers that were made through the proxy, as far as it remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Containers by their names.
#[derive(Debug, Default)]
pub(crate) struct Boxes(Mutex<HashMap<String, Made>>);

#[derive(Debug, Clone)]
struct Made {
    /// Empty until the daemon has answered.
    id: String,
    is_network: bool,
}

impl Boxes {
    /// Reserves a place for a container of this name; `false` when there are `most` already.
    pub(crate) fn reserve(&self, name: &str, is_network: bool, most: usize) -> bool {
        let mut made = self.made();
        if made.len() >= most || made.contains_key(name) {
            return false;
        }
        let id = String::new();
        made.insert(name.to_owned(), Made { id, is_network });
        true
    }

    /// The daemon has made it.
    pub(crate) fn made_as(&self, name: &str, id: &str) {
        if let Some(made) = self.made().get_mut(name) {
            id.clone_into(&mut made.id);
        }
    }

    /// It is gone, or was never made.
    pub(crate) fn forget(&self, container: &str) {
        self.made()
            .retain(|name, made| name != container && made.id != container);
    }

    /// Forgets all but these.
    pub(crate) fn keep_only(&self, ids: &[String]) {
        self.made()
            .retain(|_name, made| made.id.is_empty() || ids.contains(&made.id));
    }

    /// The whole id of a container that was made here.
    pub(crate) fn id_of(&self, container: &str) -> Option<String> {
        let made = self.made();
        let found = made
            .iter()
            .find(|(name, made)| *name == container || made.id == container);
        found.map(|(_name, made)| made.id.clone()).filter(|id| !id.is_empty())
    }

    /// Whether others may join its network.
    pub(crate) fn is_network(&self, name: &str) -> bool {
        self.made().get(name).is_some_and(|made| made.is_network)
    }

    fn made(&self) -> MutexGuard<'_, HashMap<String, Made>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
