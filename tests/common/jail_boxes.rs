//! Boxes by nsjail that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::jailer::settings;

/// How far below the root of a hierarchy the group of a jailer may be.
const DEPTH: usize = 6;

/// Names of the boxes of the jailer of this test program: each has a control group until all of it is gone.
pub(crate) fn jail_boxes() -> BTreeSet<String> {
    let group = settings("common").group;
    let mounted = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let points = mounted.lines().filter(|line| line.contains(" - cgroup"));
    let points = points.filter_map(|line| line.split(' ').nth(4).map(PathBuf::from));
    points.flat_map(|point| boxes_below(&point, &group, DEPTH)).collect()
}

fn boxes_below(directory: &Path, group: &str, depth: usize) -> Vec<String> {
    let directories = directories_in(directory);
    if directory.file_name().is_some_and(|name| name == group) {
        let names = directories.iter().filter_map(|path| path.file_name()?.to_str());
        return names
            .filter(|name| name.starts_with("box-"))
            .map(str::to_owned)
            .collect();
    }
    if depth == 0 {
        return Vec::new();
    }
    let below = directories.iter().flat_map(|path| boxes_below(path, group, depth - 1));
    below.collect()
}

/// Groups come and go meanwhile.
fn directories_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path.is_dir() && !path.is_symlink()).collect()
}
