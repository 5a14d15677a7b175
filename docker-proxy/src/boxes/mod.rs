//! The containers that were made through the proxy, as far as it remembers.

mod resize;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use assize_docker_box::USERS;
use thiserror::Error;

use crate::makers::Maker;
use crate::streams::BoxSocket;
pub(crate) use resize::{Resizable, Resize};

/// Containers by their names.
#[derive(Debug, Default)]
pub(crate) struct Boxes(Mutex<Made>);

#[derive(Debug, Default)]
struct Made {
    by_name: HashMap<String, MadeBox>,
    /// The user of the box that was made last.
    last_user: usize,
}

#[derive(Debug)]
struct MadeBox {
    /// `None` as long as it is being made.
    id: Option<String>,
    takes: Takes,
    maker: Maker,
    /// Its number among the users of boxes.
    user: usize,
    /// Until its runner has come.
    socket: Option<BoxSocket>,
    /// Whether the daemon is changing its limits.
    is_changing: bool,
    /// Alive as long as it is attached.
    streams: Weak<()>,
}

/// What a container takes of what all of them may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Takes {
    pub(crate) memory_bytes: u64,
    pub(crate) processes: u64,
    pub(crate) cpus: u32,
    /// Others may join its network.
    pub(crate) is_network: bool,
}

/// What all containers may have together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(crate) boxes: usize,
    pub(crate) memory_bytes: u64,
    pub(crate) processes: u64,
    pub(crate) cpus: u64,
}

/// Why a box is not made or does not grow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum NoRoom {
    /// There is one of its name.
    #[error("there is a box of this name")]
    NameTaken,
    /// All boxes together would have more than a setting allows.
    #[error("{0}")]
    Full(String),
    /// Its limits are being changed.
    #[error("another change of its limits is under way")]
    Changing,
}

/// Whose a container is, as far as it was made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is still being made, and so nothing is done with what has its name.
    Making,
    /// It has this id.
    Made { id: String, maker: Maker },
}

impl Boxes {
    /// Reserves a place for a container of this name, or says which setting leaves no room for it. Gives the number of
    /// its user, whom no other box has as long as there are enough of them.
    pub(crate) fn reserve(&self, name: &str, takes: Takes, maker: &Maker, most: Most) -> Result<usize, NoRoom> {
        let mut made = self.made();
        if made.by_name.contains_key(name) {
            return Err(NoRoom::NameTaken);
        }
        made.check_room(takes, most)?;
        let user = made.next_user();
        let reserved = MadeBox {
            id: None,
            takes,
            maker: maker.clone(),
            user,
            socket: None,
            is_changing: false,
            streams: Weak::new(),
        };
        made.by_name.insert(name.to_owned(), reserved);
        Ok(user)
    }

    /// The daemon has made it.
    pub(crate) fn made_as(&self, name: &str, id: &str) {
        if let Some(made) = self.made().by_name.get_mut(name) {
            made.id = Some(id.to_owned());
        }
    }

    /// Keeps its socket until its runner has come, or it is gone.
    pub(crate) fn keep_socket(&self, name: &str, socket: BoxSocket) {
        if let Some(made) = self.made().by_name.get_mut(name) {
            made.socket = Some(socket);
        }
    }

    /// Its socket, which is given once.
    pub(crate) fn take_socket(&self, id: &str) -> Option<BoxSocket> {
        self.made().of_id(id).and_then(|made| made.socket.take())
    }

    /// The right to be attached to a box, until it is dropped. One connection at a time has it: a worker with one box
    /// would else take the connections of all workers.
    pub(crate) fn attach(&self, id: &str) -> Option<Arc<()>> {
        let mut made = self.made();
        let attached = made.of_id(id).filter(|made| made.streams.strong_count() == 0)?;
        let streams = Arc::new(());
        attached.streams = Arc::downgrade(&streams);
        Some(streams)
    }

    /// The container of this id is gone.
    pub(crate) fn forget(&self, id: &str) {
        self.made().by_name.retain(|_name, made| made.id.as_deref() != Some(id));
    }

    /// The daemon has made no container of this name.
    pub(crate) fn forget_reserved(&self, name: &str) {
        self.made()
            .by_name
            .retain(|found, made| found != name || made.id.is_some());
    }

    /// Forgets those of `before` that are not among these: what was made while they were listed is in neither.
    pub(crate) fn forget_missing(&self, before: &HashSet<String>, listed: &HashSet<String>) {
        let is_gone = |id: &String| before.contains(id) && !listed.contains(id);
        self.made()
            .by_name
            .retain(|_name, made| !made.id.as_ref().is_some_and(is_gone));
    }

    /// The ids of all that are made.
    pub(crate) fn ids(&self) -> HashSet<String> {
        self.made()
            .by_name
            .values()
            .filter_map(|made| made.id.clone())
            .collect()
    }

    /// What is known of a container by its name or its id.
    pub(crate) fn find(&self, container: &str) -> Option<Known> {
        let made = self.made();
        let mut all = made.by_name.iter();
        let found = all.find(|(name, made)| *name == container || made.id.as_deref() == Some(container));
        found.map(|(_name, made)| match &made.id {
            None => Known::Making,
            Some(id) => Known::Made {
                id: id.clone(),
                maker: made.maker.clone(),
            },
        })
    }

    /// Whether other boxes of this worker may join its network.
    pub(crate) fn is_network(&self, name: &str, maker: &Maker) -> bool {
        let made = self.made();
        let found = made.by_name.get(name).filter(|made| made.maker == *maker);
        found.is_some_and(|made| made.takes.is_network && made.id.is_some())
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Made {
    fn of_id(&mut self, id: &str) -> Option<&mut MadeBox> {
        self.by_name.values_mut().find(|made| made.id.as_deref() == Some(id))
    }

    fn check_room(&self, takes: Takes, most: Most) -> Result<(), NoRoom> {
        let made = &self.by_name;
        if made.len() >= most.boxes {
            return Err(NoRoom::Full(format!("there are boxes = {} boxes", most.boxes)));
        }
        let sum = |of: fn(Takes) -> u64| self.sum(of).saturating_add(of(takes));
        require(memory(sum(|takes| takes.memory_bytes), most))?;
        require(processes(sum(|takes| takes.processes), most))?;
        let cpus = sum(|takes| u64::from(takes.cpus));
        require((cpus, most.cpus, "CPUs", "all_cpus"))
    }

    fn sum(&self, of: fn(Takes) -> u64) -> u64 {
        self.by_name.values().map(|made| of(made.takes)).sum()
    }

    /// The next user whom the fewest boxes have.
    fn next_user(&mut self) -> usize {
        let mut boxes_of = [0_usize; USERS];
        for made in self.by_name.values() {
            boxes_of[made.user % USERS] += 1;
        }
        let in_turn = (1..=USERS).map(|step| (self.last_user + step) % USERS);
        self.last_user = in_turn.min_by_key(|user| boxes_of[*user]).unwrap_or(0);
        self.last_user
    }
}

/// What all boxes have together, what they may have, its name and the setting that says so.
type Share = (u64, u64, &'static str, &'static str);

fn memory(sum: u64, most: Most) -> Share {
    (sum, most.memory_bytes, "memory", "all_memory_bytes")
}

fn processes(sum: u64, most: Most) -> Share {
    (sum, most.processes, "processes", "all_processes")
}

fn require((sum, most, what, setting): Share) -> Result<(), NoRoom> {
    if sum <= most {
        return Ok(());
    }
    let above = format!("all boxes together would have {what} of {sum}, above {setting} = {most}");
    Err(NoRoom::Full(above))
}
