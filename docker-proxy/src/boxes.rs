//! The containers that were made through the proxy, as far as it remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::makers::Maker;
use crate::streams::BoxSocket;

/// Containers by their names.
#[derive(Debug, Default)]
pub(crate) struct Boxes(Mutex<HashMap<String, Made>>);

#[derive(Debug)]
struct Made {
    /// Empty until the daemon has answered.
    id: String,
    takes: Takes,
    maker: Maker,
    /// Until its runner has come.
    socket: Option<BoxSocket>,
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
    /// Reserves a place for a container of this name, or says which setting leaves no room for it.
    pub(crate) fn reserve(&self, name: &str, takes: Takes, maker: &Maker, most: Most) -> Result<(), String> {
        let mut made = self.made();
        if made.contains_key(name) {
            return Err("there is a box of this name".to_owned());
        }
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
        let id = String::new();
        let made_by = Made {
            id,
            takes,
            maker: maker.clone(),
            socket: None,
        };
        made.insert(name.to_owned(), made_by);
        Ok(())
    }

    /// Gives a container another limit of memory, and says which one it had.
    pub(crate) fn resize(&self, id: &str, memory_bytes: u64, most: Most) -> Result<u64, String> {
        let mut made = self.made();
        let all = sum_of_memory(made.values());
        let Some(resized) = made.values_mut().find(|made| made.id == id) else {
            return Ok(memory_bytes);
        };
        let before = resized.takes.memory_bytes;
        let memory = (all - before).saturating_add(memory_bytes);
        // A box that shrinks is let shrink, however much the others have.
        if memory_bytes > before && memory > most.memory_bytes {
            return Err(above("memory", memory, "all_memory_bytes", most.memory_bytes));
        }
        resized.takes.memory_bytes = memory_bytes;
        Ok(before)
    }

    /// The daemon did not change its limit of memory.
    pub(crate) fn was_not_resized(&self, id: &str, before_bytes: u64) {
        if let Some(made) = self.made().values_mut().find(|made| made.id == id) {
            made.takes.memory_bytes = before_bytes;
        }
    }

    /// The daemon has made it.
    pub(crate) fn made_as(&self, name: &str, id: &str) {
        if let Some(made) = self.made().get_mut(name) {
            id.clone_into(&mut made.id);
        }
    }

    /// Keeps its socket until its runner has come, or it is gone.
    pub(crate) fn keep_socket(&self, name: &str, socket: BoxSocket) {
        if let Some(made) = self.made().get_mut(name) {
            made.socket = Some(socket);
        }
    }

    /// Its socket, which is given once.
    pub(crate) fn take_socket(&self, id: &str) -> Option<BoxSocket> {
        let mut made = self.made();
        let found = made.values_mut().find(|made| made.id == id);
        found.and_then(|made| made.socket.take())
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
        self.find(container, |made| made.id.clone()).filter(|id| !id.is_empty())
    }

    /// Who has made a container here, or is making it.
    pub(crate) fn maker_of(&self, container: &str) -> Option<Maker> {
        self.find(container, |made| made.maker.clone())
    }

    /// Whether other boxes of this worker may join its network.
    pub(crate) fn is_network(&self, name: &str, maker: &Maker) -> bool {
        let made = self.made();
        let found = made.get(name).filter(|made| made.maker == *maker);
        found.is_some_and(|made| made.takes.is_network)
    }

    fn find<T>(&self, container: &str, what: impl FnOnce(&Made) -> T) -> Option<T> {
        let made = self.made();
        let found = made
            .iter()
            .find(|(name, made)| *name == container || made.id == container);
        found.map(|(_name, made)| what(made))
    }

    fn made(&self) -> MutexGuard<'_, HashMap<String, Made>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sum_of_memory<'a>(made: impl Iterator<Item = &'a Made>) -> u64 {
    made.map(|made| made.takes.memory_bytes).sum()
}

fn above(what: &str, sum: u64, setting: &str, most: u64) -> String {
    format!("all boxes together would have {what} of {sum}, above {setting} = {most}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Most = Most {
        boxes: 3,
        memory_bytes: 1000,
        cpus: 4,
    };

    fn takes(memory_bytes: u64, cpus: u32) -> Takes {
        Takes {
            memory_bytes,
            cpus,
            is_network: false,
        }
    }

    /// One of the workers that send no secret.
    fn without_secret() -> Maker {
        Maker::of(&hyper::HeaderMap::new()).unwrap()
    }

    #[test]
    fn boxes_are_bounded_in_number_memory_and_cpus_together() {
        type Asked = (u64, u32);
        let table: [(&[Asked], Asked, &str); 5] = [
            (&[(600, 1)], (400, 3), ""),
            (&[(600, 1)], (401, 1), "all_memory_bytes"),
            (&[(1, 2), (1, 2)], (1, 1), "all_cpus"),
            (&[(1, 1), (1, 1), (1, 1)], (1, 1), "boxes = 3"),
            (&[], (u64::MAX, 1), "all_memory_bytes"),
        ];
        for (made, asked, expected) in table {
            let boxes = Boxes::default();
            for (number, (memory, cpus)) in made.iter().enumerate() {
                boxes
                    .reserve(&number.to_string(), takes(*memory, *cpus), &without_secret(), MOST)
                    .unwrap();
            }
            let reserved = boxes.reserve("x", takes(asked.0, asked.1), &without_secret(), MOST);
            match expected {
                "" => reserved.unwrap(),
                setting => assert!(reserved.unwrap_err().contains(setting), "{made:?} {asked:?}"),
            }
        }
    }

    #[test]
    fn a_box_that_grows_counts_as_it_is_and_one_that_goes_no_more() {
        let boxes = Boxes::default();
        for name in ["a", "b"] {
            boxes.reserve(name, takes(400, 1), &without_secret(), MOST).unwrap();
            boxes.made_as(name, &format!("id of {name}"));
        }
        assert_eq!(boxes.resize("id of a", 600, MOST), Ok(400));
        assert!(
            boxes
                .resize("id of b", 401, MOST)
                .unwrap_err()
                .contains("all_memory_bytes")
        );
        boxes.forget("id of a");
        assert_eq!(boxes.resize("id of b", 1000, MOST), Ok(400));
    }
}
