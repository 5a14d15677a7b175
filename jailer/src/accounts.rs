//! What all boxes that run take together, and which users they have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assize_jailer_protocol::UseLimits;

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
    limits: UseLimits,
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
    pub(crate) fn reserve(&self, limits: &UseLimits, cpus: u64) -> Result<Place, JailError> {
        let mut boxes = self.boxes();
        if boxes.by_id.len() >= self.bounds.boxes {
            return Err(above(
                "boxes",
                self.bounds.boxes as u64 + 1,
                "BOXES",
                self.bounds.boxes as u64,
            ));
        }
        self.check(&boxes.together(|_id| true).with(limits))?;
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
            limits: *limits,
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

    fn check(&self, all: &Together) -> Result<(), JailError> {
        let (memory, processes) = (self.bounds.all_memory_bytes, self.bounds.all_processes);
        if all.memory_bytes > memory {
            return Err(above(
                "bytes of memory of all boxes",
                all.memory_bytes,
                "ALL_MEMORY_BYTES",
                memory,
            ));
        }
        if all.processes > processes {
            return Err(above(
                "processes of all boxes",
                all.processes,
                "ALL_PROCESSES",
                processes,
            ));
        }
        Ok(())
    }

    fn boxes(&self) -> MutexGuard<'_, Boxes> {
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What boxes may use together.
#[derive(Debug, Default)]
struct Together {
    memory_bytes: u64,
    processes: u64,
}

impl Together {
    fn with(self, limits: &UseLimits) -> Self {
        Self {
            memory_bytes: self.memory_bytes.saturating_add(limits.memory_bytes),
            processes: self.processes.saturating_add(limits.processes),
        }
    }
}

impl Boxes {
    fn together(&self, counts: impl Fn(&str) -> bool) -> Together {
        let counted = self.by_id.iter().filter(|(id, _takes)| counts(id));
        counted.fold(Together::default(), |all, (_id, takes)| all.with(&takes.limits))
    }
}

impl Place {
    /// Gives the box other limits; gives back those that it had.
    pub(crate) fn resize(&self, limits: &UseLimits) -> Result<UseLimits, JailError> {
        let mut boxes = self.accounts.boxes();
        let others = boxes.together(|id| id != self.id);
        let Some(takes) = boxes.by_id.get_mut(&self.id) else {
            return Ok(*limits);
        };
        let before = takes.limits;
        // A box that shrinks is let shrink, however much the others have.
        if limits.memory_bytes > before.memory_bytes || limits.processes > before.processes {
            self.accounts.check(&others.with(limits))?;
        }
        takes.limits = *limits;
        Ok(before)
    }

    /// Its limits were not changed.
    pub(crate) fn was_not_resized(&self, before: UseLimits) {
        if let Some(takes) = self.accounts.boxes().by_id.get_mut(&self.id) {
            takes.limits = before;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.accounts.boxes().by_id.remove(&self.id);
    }
}

fn above(what: &str, asked: u64, setting: &str, most: u64) -> JailError {
    JailError::no_room(
        format!("{asked} {what} would be above ASSIZE_JAILER_{setting} = {most}"),
        "raise that setting of the jailer (docs/operations/sizing.md says what boxes need), or lower worker.slots or \
         sandbox.warm_boxes",
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
            all_processes: 25,
            all_cpus: 3,
        };
        Accounts::new(bounds, 8)
    }

    fn limits(memory_bytes: u64, processes: u64) -> UseLimits {
        UseLimits {
            memory_bytes,
            processes,
        }
    }

    #[test]
    fn boxes_are_bounded_together_and_a_place_that_is_dropped_is_free() {
        let accounts = accounts();
        let reserve = |memory_bytes, processes, cpus| accounts.reserve(&limits(memory_bytes, processes), cpus);
        let first = reserve(100, 10, 1).unwrap();
        let second = reserve(100, 10, 1).unwrap();
        assert_ne!((first.user, &first.id), (second.user, &second.id));
        for (memory_bytes, processes, cpus, setting) in [
            (100, 1, 1, "ALL_MEMORY_BYTES"),
            (1, 6, 1, "ALL_PROCESSES"),
            (1, 1, 2, "ALL_CPUS"),
        ] {
            let said = reserve(memory_bytes, processes, cpus).unwrap_err().to_string();
            assert!(said.contains(setting), "{said}");
        }
        let third = reserve(50, 5, 1).unwrap();
        let said = reserve(0, 0, 0).unwrap_err().to_string();
        assert!(said.contains("ASSIZE_JAILER_BOXES"), "{said}");
        assert!(accounts.is_alive(&third.id));
        let (id, user) = (third.id.clone(), third.user);
        drop(third);
        assert!(!accounts.is_alive(&id));
        assert_eq!(reserve(50, 5, 1).unwrap().user, user);
    }

    #[test]
    fn what_a_box_takes_follows_its_limits() {
        let accounts = accounts();
        let reserve = |memory_bytes, processes| accounts.reserve(&limits(memory_bytes, processes), 1).unwrap();
        let (first, second) = (reserve(100, 10), reserve(100, 10));
        assert!(first.resize(&limits(151, 10)).is_err());
        assert!(first.resize(&limits(100, 16)).is_err());
        assert_eq!(first.resize(&limits(150, 15)).unwrap(), limits(100, 10));
        assert!(second.resize(&limits(101, 10)).is_err());
        assert_eq!(second.resize(&limits(90, 10)).unwrap(), limits(100, 10));
        second.was_not_resized(limits(100, 10));
        first.was_not_resized(limits(100, 10));
        assert_eq!(second.resize(&limits(150, 15)).unwrap(), limits(100, 10));
    }
}
