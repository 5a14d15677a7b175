//! A box gets another limit of memory: what it counts with before, meanwhile and afterwards.

use crate::boxes::{Boxes, Most, above, sum_of_memory};

impl Boxes {
    /// Begins to give a container another limit of memory. Until the daemon has answered it counts with the larger one.
    pub(crate) fn resize(&self, id: &str, memory_bytes: u64, most: Most) -> Result<Resize<'_>, String> {
        let mut made = self.made();
        let all = sum_of_memory(made.by_name.values());
        let resized = made.of_id(id).ok_or("the box is gone")?;
        if resized.is_changing {
            return Err("another change of its limits is under way".to_owned());
        }
        let before = resized.takes.memory_bytes;
        let memory = (all - before).saturating_add(memory_bytes);
        // A box that shrinks is let shrink, however much the others have.
        if memory_bytes > before && memory > most.memory_bytes {
            return Err(above("memory", memory, "all_memory_bytes", most.memory_bytes));
        }
        resized.takes.memory_bytes = before.max(memory_bytes);
        resized.is_changing = true;
        Ok(Resize {
            boxes: self,
            id: id.to_owned(),
            before,
            asked: memory_bytes,
        })
    }
}

/// A change of a container's limits that the daemon has been asked for.
#[derive(Debug)]
pub(crate) struct Resize<'a> {
    boxes: &'a Boxes,
    id: String,
    before: u64,
    asked: u64,
}

impl Resize<'_> {
    /// The daemon has answered, and has changed them or not.
    pub(crate) fn was_answered(&self, is_changed: bool) {
        if let Some(made) = self.boxes.made().of_id(&self.id) {
            made.takes.memory_bytes = if is_changed { self.asked } else { self.before };
        }
    }
}

/// Without an answer the limit may be either one, and the box goes on counting with the larger.
impl Drop for Resize<'_> {
    fn drop(&mut self) {
        if let Some(made) = self.boxes.made().of_id(&self.id) {
            made.is_changing = false;
        }
    }
}
