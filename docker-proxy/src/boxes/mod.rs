//! The containers that were made through the proxy, as far as it remembers.

mod resize;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use assize_docker_box::USERS;

use crate::makers::Maker;
use crate::streams::BoxSocket;

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
    /// Empty until the daemon has answered.
    id: String,
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
    pub(crate) cpus: u32,
    /// Others may join its network.
    pub(crate) is_network: bool,
}

/// What all containers may have together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(crate) boxes: usize,
    pub(crate) memory_bytes: u64,
    pub(crate) cpus: u64,
}

impl Boxes {
    /// Reserves a place for a container of this name, or says which setting leaves no room for it. Gives the number of
    /// its user, whom no other box has as long as there are enough of them.
    pub(crate) fn reserve(&self, name: &str, takes: Takes, maker: &Maker, most: Most) -> Result<usize, String> {
        let mut made = self.made();
        if made.by_name.contains_key(name) {
            return Err("there is a box of this name".to_owned());
        }
        made.check_room(takes, most)?;
        let user = made.next_user();
        let reserved = MadeBox {
            id: String::new(),
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
            id.clone_into(&mut made.id);
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
        // What has no id yet is still to come.
        self.made()
            .by_name
            .retain(|_name, made| made.id.is_empty() || made.id != id);
    }

    /// The daemon has made no container of this name.
    pub(crate) fn forget_reserved(&self, name: &str) {
        self.made()
            .by_name
            .retain(|found, made| found != name || !made.id.is_empty());
    }

    /// Forgets all but these.
    pub(crate) fn keep_only(&self, ids: &[String]) {
        self.made()
            .by_name
            .retain(|_name, made| made.id.is_empty() || ids.contains(&made.id));
    }

    /// The whole id of a container that was made here.
    pub(crate) fn id_of(&self, container: &str) -> Option<String> {
        self.find(container, |made| made.id.clone()).filter(|id| !id.is_empty())
    }

    /// Who has made a container here, or is making it.
    pub(crate) fn maker_of(&self, container: &str) -> Option<Maker> {
        self.find(container, |made| made.maker.clone())
    }

    /// Whether other boxes of this worker may join its network.
    pub(crate) fn is_network(&self, name: &str, maker: &Maker) -> bool {
        let made = self.made();
        let found = made.by_name.get(name).filter(|made| made.maker == *maker);
        found.is_some_and(|made| made.takes.is_network)
    }

    fn find<T>(&self, container: &str, what: impl FnOnce(&MadeBox) -> T) -> Option<T> {
        let made = self.made();
        let found = made
            .by_name
            .iter()
            .find(|(name, made)| *name == container || made.id == container);
        found.map(|(_name, made)| what(made))
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Made {
    fn of_id(&mut self, id: &str) -> Option<&mut MadeBox> {
        self.by_name.values_mut().find(|made| made.id == id)
    }

    fn check_room(&self, takes: Takes, most: Most) -> Result<(), String> {
        let made = &self.by_name;
        if made.len() >= most.boxes {
            return Err(format!("there are boxes = {} boxes", most.boxes));
        }
        let memory = sum_of_memory(made.values()).saturating_add(takes.memory_bytes);
        if memory > most.memory_bytes {
            return Err(above("memory", memory, "all_memory_bytes", most.memory_bytes));
        }
        let cpus = made.values().map(|made| u64::from(made.takes.cpus)).sum::<u64>() + u64::from(takes.cpus);
        if cpus > most.cpus {
            return Err(above("CPUs", cpus, "all_cpus", most.cpus));
        }
        Ok(())
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

fn sum_of_memory<'a>(made: impl Iterator<Item = &'a MadeBox>) -> u64 {
    made.map(|made| made.takes.memory_bytes).sum()
}

fn above(what: &str, sum: u64, setting: &str, most: u64) -> String {
    format!("all boxes together would have {what} of {sum}, above {setting} = {most}")
}
