//! How a program gets its input: as a file, or through a pipe.
//!
//! Programs read a file in more ways than a pipe: they ask for its size, map it, seek in it, and take all of it at once.

use std::io;

use crate::judge::boxes::Boxes;
use crate::sandbox::{Input, Stdin};

/// A file, for which `boxes` make room, wherever the input is there as a whole and no larger than a file in a box may be.
pub(super) async fn stdin_for(boxes: &mut Boxes<'_>, input: &Input) -> io::Result<Stdin> {
    let largest = boxes.options().limits.file_bytes;
    match input.size().await? {
        Some(bytes) if bytes <= largest => {
            boxes.make_room(bytes).await;
            Ok(Stdin::File)
        }
        _ => Ok(Stdin::Pipe),
    }
}
