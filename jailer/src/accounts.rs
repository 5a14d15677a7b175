//! What all boxes that run take together, and which users they have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::JailError;
use crate::settings::Bounds;

/// The accounts of a jailer.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    bounds: Bounds,
    /// Users that boxes can have, counted from the first.
    users: u32,
    boxes: Arc<Mutex<Boxes>>,
}

#[derive(Debug, Default)]
struct Boxes {
    drawn: u64,
    by_id: HashMap<String, Takes>,
}

/// What a box takes of what all may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Takes {
    user: u32,
    memory_bytes: u64,
    cpus: u64,
}

/// A place among the boxes, given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    accounts: Accounts,
    pub(crate) id: String,
    /// Number of its user. No other box that runs has the same.
    pub(crate) user: u32,
}

impl Accounts {
    pub(crate) fn new(bounds: Bounds, users: u32) -> Self {
        Self {
            bounds,
            users,
            boxes: Arc::default(),
        }
    }

    /// A place for a box, or the setting that leaves no room for it.
    pub(crate) fn reserve(&self, memory_bytes: u64, cpus: u64) -> Result<Place, JailError> {
        let mut boxes = self.boxes();
        if boxes.by_id.len() >= self.bounds.boxes {
            return Err(above(
                "boxes",
                self.bounds.boxes as u64 + 1,
                "BOXES",
                self.bounds.boxes as u64,
            ));
        }
        self.check_memory(boxes.memory().saturating_add(memory_bytes))?;
        let all_cpus = boxes.by_id.values().map(|takes| takes.cpus).sum::<u64>() + cpus;
        if all_cpus > self.bounds.all_cpus {
            return Err(above("CPUs of all boxes", all_cpus, "ALL_CPUS", self.bounds.all_cpus));
        }
        let is_free = |user: &u32| boxes.by_id.values().all(|takes| takes.user != *user);
        let Some(user) = (0..self.users).find(is_free) else {
            return Err(above("users", u64::from(self.users) + 1, "UIDS", u64::from(self.users)));
        };
        boxes.drawn += 1;
        let id = format!("box-{}-{}", std::process::id(), boxes.drawn);
        let takes = Takes {
            user,
            memory_bytes,
            cpus,
        };
        boxes.by_id.insert(id.clone(), takes);
        Ok(Place {
            accounts: self.clone(),
            id,
            user,
        })
    }

    /// Whether there is a box of this name.
    pub(crate) fn is_alive(&self, id: &str) -> bool {
        self.boxes().by_id.contains_key(id)
    }

    fn check_memory(&self, bytes: u64) -> Result<(), JailError> {
        let most = self.bounds.all_memory_bytes;
        if bytes > most {
            return Err(above("bytes of memory of all boxes", bytes, "ALL_MEMORY_BYTES", most));
        }
        Ok(())
    }

    fn boxes(&self) -> MutexGuard<'_, Boxes> {
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Boxes {
    fn memory(&self) -> u64 {
        self.by_id
            .values()
            .fold(0, |sum, takes| sum.saturating_add(takes.memory_bytes))
    }
}

impl Place {
    /// Gives the box another limit of memory; gives back the one that it had.
    pub(crate) fn resize(&self, memory_bytes: u64) -> Result<u64, JailError> {
        let mut boxes = self.accounts.boxes();
        let all = boxes.memory();
        let Some(takes) = boxes.by_id.get_mut(&self.id) else {
            return Ok(memory_bytes);
        };
        let before = takes.memory_bytes;
        // A box that shrinks is let shrink, however much the others have.
        if memory_bytes > before {
            self.accounts
                .check_memory((all - before).saturating_add(memory_bytes))?;
        }
        takes.memory_bytes = memory_bytes;
        Ok(before)
    }

    /// Its limit was not changed.
    pub(crate) fn was_not_resized(&self, before_bytes: u64) {
        if let Some(takes) = self.accounts.boxes().by_id.get_mut(&self.id) {
            takes.memory_bytes = before_bytes;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.accounts.boxes().by_id.remove(&self.id);
    }
}

fn above(what: &str, asked: u64, setting: &str, most: u64) -> JailError {
    JailError::forbidden(
        format!("{asked} {what} would be above ASSIZE_JAILER_{setting} = {most}"),
        "wait for boxes to end, or raise that setting of the jailer",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Accounts {
        let bounds = Bounds {
            boxes: 3,
            memory_bytes: 100,
            processes: 1,
            cpus: 1,
            all_memory_bytes: 250,
            all_cpus: 3,
        };
        Accounts::new(bounds, 8)
    }

    #[test]
    fn boxes_are_bounded_together_and_a_place_that_is_dropped_is_free() {
        let accounts = accounts();
        let first = accounts.reserve(100, 1).unwrap();
        let second = accounts.reserve(100, 1).unwrap();
        assert_ne!((first.user, &first.id), (second.user, &second.id));
        let said = accounts.reserve(100, 1).unwrap_err().to_string();
        assert!(said.contains("ALL_MEMORY_BYTES"), "{said}");
        let said = accounts.reserve(1, 2).unwrap_err().to_string();
        assert!(said.contains("ALL_CPUS"), "{said}");
        let third = accounts.reserve(50, 1).unwrap();
        let said = accounts.reserve(0, 0).unwrap_err().to_string();
        assert!(said.contains("ASSIZE_JAILER_BOXES"), "{said}");
        assert!(accounts.is_alive(&third.id));
        let (id, user) = (third.id.clone(), third.user);
        drop(third);
        assert!(!accounts.is_alive(&id));
        assert_eq!(accounts.reserve(50, 1).unwrap().user, user);
    }

    #[test]
    fn what_a_box_takes_follows_its_limit() {
        let accounts = accounts();
        let (first, second) = (accounts.reserve(100, 1).unwrap(), accounts.reserve(100, 1).unwrap());
        assert!(first.resize(151).is_err());
        assert_eq!(first.resize(150).unwrap(), 100);
        assert!(second.resize(101).is_err());
        first.was_not_resized(100);
        assert_eq!(second.resize(150).unwrap(), 100);
    }
}
