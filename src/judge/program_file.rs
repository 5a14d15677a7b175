//! Where a compiled program lies in its box.

/// Its whole path.
pub(super) const PROGRAM: &str = "/work/program";

/// Its path below the work directory.
pub(super) const PROGRAM_FILE: &str = "program";

/// Whether a file would lie where the program does, or below it.
pub(super) fn is_in_the_way(path: &str) -> bool {
    path.split('/').next() == Some(PROGRAM_FILE)
}
