//! How a program gets its input: as a file, or through a pipe.
//!
//! Programs read a file in more ways than a pipe: they ask for its size, map it, seek in it, and take all of it at once.
//! A large file is one of the worker's memory, where it can be lent to the box, else a copy in the memory of the box.

use crate::judge::boxes::Boxes;
use crate::sandbox::{Input, Stdin};

/// What a program reads from, and what its box has room for.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct ProgramInput {
    pub(in crate::judge) stdin: Stdin,
    /// Memory of the box for inputs that come as files, in bytes.
    pub(in crate::judge) room_bytes: u64,
}

impl ProgramInput {
    /// A pipe.
    pub(super) fn pipe(boxes: &Boxes<'_>) -> Self {
        Self {
            stdin: Stdin::Pipe,
            room_bytes: boxes.input_room(),
        }
    }
}

/// A file, which is lent to one of `boxes` or for which they make room, wherever the input is there as a whole and no larger
/// than a file in a box may be.
pub(in crate::judge) async fn stdin_for(boxes: &mut Boxes<'_>, input: &mut Input) -> ProgramInput {
    let largest = boxes.options().limits.file_bytes;
    match input.size() {
        Some(bytes) if bytes <= largest => {
            if !boxes.lend(input).await {
                boxes.make_room(bytes).await;
            }
            ProgramInput {
                stdin: Stdin::File,
                room_bytes: boxes.input_room(),
            }
        }
        _ => ProgramInput::pipe(boxes),
    }
}
