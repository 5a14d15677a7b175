//! YAML files of packages: a tree whose nodes know their lines, and typed reading of its maps.

mod document;
mod map;
mod node;

pub(super) use document::{Document, read, read_with};
pub(super) use map::{Map, beyond_bounds, truth_of};
