//! A box gets other limits: what it counts with before, meanwhile and afterwards.

use crate::boxes::{Boxes, Most, NoRoom, memory, processes, require};

/// Limits that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resizable {
    pub(crate) memory_bytes: u64,
    pub(crate) processes: u64,
}

impl Boxes {
    /// Begins to give a container other limits. Until the daemon has answered it counts with the larger ones. `None` when
    /// there is no such container any more.
    pub(crate) fn resize(&self, id: &str, asked: Resizable, most: Most) -> Result<Option<Resize<'_>>, NoRoom> {
        let mut made = self.made();
        let all = Resizable {
            memory_bytes: made.sum(|takes| takes.memory_bytes),
            processes: made.sum(|takes| takes.processes),
        };
        let Some(resized) = made.of_id(id) else { return Ok(None) };
        if resized.is_changing {
            return Err(NoRoom::Changing);
        }
        let before = Resizable {
            memory_bytes: resized.takes.memory_bytes,
            processes: resized.takes.processes,
        };
        let sum = |all: u64, before: u64, asked: u64| (all - before).saturating_add(asked);
        // A box that shrinks is let shrink, however much the others have.
        if asked.memory_bytes > before.memory_bytes {
            let sum = sum(all.memory_bytes, before.memory_bytes, asked.memory_bytes);
            require(memory(sum, most))?;
        }
        if asked.processes > before.processes {
            require(processes(sum(all.processes, before.processes, asked.processes), most))?;
        }
        resized.takes.memory_bytes = before.memory_bytes.max(asked.memory_bytes);
        resized.takes.processes = before.processes.max(asked.processes);
        resized.is_changing = true;
        Ok(Some(Resize {
            boxes: self,
            id: id.to_owned(),
            before,
            asked,
        }))
    }
}

/// A change of a container's limits that the daemon has been asked for.
#[derive(Debug)]
pub(crate) struct Resize<'a> {
    boxes: &'a Boxes,
    id: String,
    before: Resizable,
    asked: Resizable,
}

impl Resize<'_> {
    /// The daemon has answered, and has changed them or not.
    pub(crate) fn was_answered(&self, is_changed: bool) {
        let now = if is_changed { self.asked } else { self.before };
        if let Some(made) = self.boxes.made().of_id(&self.id) {
            made.takes.memory_bytes = now.memory_bytes;
            made.takes.processes = now.processes;
        }
    }
}

/// Without an answer the limits may be either ones, and the box goes on counting with the larger ones.
impl Drop for Resize<'_> {
    fn drop(&mut self) {
        if let Some(made) = self.boxes.made().of_id(&self.id) {
            made.is_changing = false;
        }
    }
}
