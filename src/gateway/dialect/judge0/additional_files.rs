//! The zip archive that comes with a program. It is not trusted: sizes are counted while it is inflated.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::contract::{FileMessage, SourceFile, SubmissionCaps};
use crate::gateway::dialect::base64_text;

/// What a file may add to an archive besides its content, in bytes: its names and headers.
const LISTED: usize = 1 << 10;

/// The files of an archive in base64, or what is wrong with it. Names are checked with the submission.
pub(super) fn files_of(encoded: &str, caps: &SubmissionCaps) -> Result<Vec<FileMessage>, String> {
    let archive = base64_text::decode(encoded).map_err(|error| format!("is no base64: {error}"))?;
    // The list of what is in it is read at once.
    if archive.len() > caps.source_bytes.saturating_add(caps.files.saturating_mul(LISTED)) {
        return Err(too_large(caps));
    }
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| format!("is no zip archive: {error}"))?;
    if archive.len() > caps.files {
        return Err(format!(
            "holds {} files, at most {} are allowed",
            archive.len(),
            caps.files
        ));
    }
    // Of those of one name the library keeps the last.
    if archive.has_duplicate_names() {
        return Err("holds a file twice".to_owned());
    }
    let mut room = caps.source_bytes;
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| error.to_string())?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|error| error.to_string())?.into_owned();
        let mut content = Vec::new();
        let most = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
        let read = file.take(most).read_to_end(&mut content);
        read.map_err(|error| format!("{name:?} cannot be unpacked: {error}"))?;
        room = room.checked_sub(content.len()).ok_or_else(|| too_large(caps))?;
        files.push(FileMessage::from(SourceFile { name, content }));
    }
    Ok(files)
}

fn too_large(caps: &SubmissionCaps) -> String {
    format!(
        "holds more than {} bytes (submission.max_source_bytes)",
        caps.source_bytes
    )
}
