//! No two files of a crate need each other, by whatever way round: what is used lies below what uses it.
//!
//! A file is followed by its `crate::` paths. A module and its own parts may name each other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Roots of crates.
const CRATES: [&str; 6] = [
    "src",
    "docker-box/src",
    "docker-proxy/src",
    "protocol/src",
    "runner/src",
    "runner/zygote/src",
];

#[test]
fn no_files_need_each_other() {
    for root in CRATES {
        let circle = circle(uses_of(Path::new(root)));
        assert!(circle.is_empty(), "in {root} these need each other: {circle:#?}");
    }
}

#[test]
fn a_circle_is_found_and_what_only_leads_to_it_is_not_blamed() {
    let uses = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e")];
    let mut graph = BTreeMap::<String, BTreeSet<String>>::new();
    for (from, to) in uses {
        graph.entry(from.to_owned()).or_default().insert(to.to_owned());
        graph.entry(to.to_owned()).or_default();
    }
    assert_eq!(circle(graph), ["a", "b", "c"]);
}

/// The modules in or between circles: what is left when all are taken away that use nothing, or are not used.
fn circle(mut uses: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let all: BTreeSet<String> = uses.keys().cloned().collect();
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        uses.retain(|name, others| {
            others.retain(|other| all.contains(other));
            !others.is_empty() && used.contains(name)
        });
        if uses.len() == all.len() {
            return all.into_iter().collect();
        }
    }
}

/// Each module of a crate with those of its modules that it names.
fn uses_of(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    collect(root, root, &mut texts);
    let modules: BTreeSet<&String> = texts.keys().collect();
    let uses = texts.iter().map(|(module, text)| {
        let named = paths_in(text).filter_map(|path| longest_module(&path, &modules));
        let others = named.filter(|named| named != module && !is_within(named, module) && !is_within(module, named));
        (module.clone(), others.collect())
    });
    uses.collect()
}

fn is_within(inner: &str, outer: &str) -> bool {
    outer.is_empty() || inner.starts_with(&format!("{outer}::"))
}

fn collect(root: &Path, directory: &Path, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.strip_prefix(root).unwrap().with_extension("");
            let names = module.components().map(|part| part.as_os_str().to_string_lossy());
            let names: Vec<_> = names
                .filter(|name| !matches!(name.as_ref(), "mod" | "lib" | "main"))
                .collect();
            texts.insert(names.join("::"), without_tests(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The text without comments, and without the tests at its end, which may name what they like.
fn without_tests(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands behind each `crate::`, such as `judge::plan::Plan`.
fn paths_in(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("crate::").map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        rest.chars().take_while(|c| is_path(*c)).collect()
    })
}

fn longest_module(path: &str, modules: &BTreeSet<&String>) -> Option<String> {
    let mut names: Vec<&str> = path.split("::").filter(|name| !name.is_empty()).collect();
    while !names.is_empty() {
        let module = names.join("::");
        if modules.contains(&module) {
            return Some(module);
        }
        names.pop();
    }
    None
}
