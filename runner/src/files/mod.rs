//! Files below the directories that a program may write to.

pub(crate) mod copy;
pub(crate) mod path;
pub(crate) mod places;
pub(crate) mod wipe;
pub(crate) mod write;
