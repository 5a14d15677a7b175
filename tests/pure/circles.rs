//! No two files of a crate need each other, directly or over others: each can be read after those that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::paths::{ModulePath, modules, paths_in, source_roots};

type Uses = BTreeMap<ModulePath, BTreeSet<ModulePath>>;

#[test]
fn no_files_need_each_other() {
    for root in source_roots() {
        let circle = circle(uses_of(&root));
        assert!(
            circle.is_empty(),
            "in {} these need each other: {circle:#?}",
            root.display()
        );
    }
}

#[test]
fn a_circle_is_found_and_what_only_leads_to_it_is_not_blamed() {
    let uses = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e")];
    let mut graph = Uses::new();
    for (from, to) in uses.map(|(from, to)| (vec![from.to_owned()], vec![to.to_owned()])) {
        graph.entry(from).or_default().insert(to.clone());
        graph.entry(to).or_default();
    }
    let circle = circle(graph);
    assert_eq!(
        circle.keys().map(|path| path.join("::")).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
}

/// The modules in or between circles: what is left when all are taken away that use nothing, or are not used.
fn circle(mut uses: Uses) -> Uses {
    loop {
        let all: BTreeSet<ModulePath> = uses.keys().cloned().collect();
        let used: BTreeSet<ModulePath> = uses.values().flatten().cloned().collect();
        uses.retain(|name, others| {
            others.retain(|other| all.contains(other));
            !others.is_empty() && used.contains(name)
        });
        if uses.len() == all.len() {
            return uses;
        }
    }
}

/// Each module of a crate with those of its modules that it names. A module and what lies within it are one.
fn uses_of(root: &Path) -> Uses {
    let modules = modules(root);
    let names: BTreeSet<ModulePath> = modules.keys().cloned().collect();
    let uses = modules.into_iter().map(|(module, tokens)| {
        let named = paths_in(tokens, &module);
        let named = named.iter().filter_map(|path| longest_module(path, &names));
        let others = named.filter(|named| !named.starts_with(&module) && !module.starts_with(named));
        let others = others.map(<[String]>::to_vec).collect();
        (module, others)
    });
    uses.collect()
}

fn longest_module<'a>(path: &'a [String], names: &BTreeSet<ModulePath>) -> Option<&'a [String]> {
    let starts = (1..=path.len()).rev().map(|length| &path[..length]);
    starts.into_iter().find(|start| names.contains(*start))
}
