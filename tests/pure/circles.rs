//! No two files of a crate need each other, directly or over others: each can be read after those that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::passed_on::{defined, passed_on};
use crate::paths::{ModulePath, crate_roots, modules, paths_in};

type Uses = BTreeMap<ModulePath, BTreeSet<ModulePath>>;

#[test]
fn no_files_need_each_other() {
    for root in crate_roots() {
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

#[test]
fn a_circle_over_names_that_are_passed_on_is_found() {
    let files = [
        ("lib.rs", "mod shop;"),
        (
            "shop/mod.rs",
            "mod basket; mod price; pub use basket::Basket; use self::price::{Cents as Price};",
        ),
        ("shop/basket.rs", "use crate::shop::Price; pub struct Basket(Price);"),
        (
            "shop/price.rs",
            "use super::Basket; pub struct Cents; fn f(_: Basket) {}",
        ),
    ];
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("shop")).unwrap();
    for (name, text) in files {
        fs::write(root.path().join(name), text).unwrap();
    }
    let circle = circle(uses_of(root.path()));
    assert_eq!(
        circle.keys().map(|path| path.join("::")).collect::<Vec<_>>(),
        ["shop::basket", "shop::price"]
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

/// Each module of a crate with those of its modules that it names. A module and what lies within it are one. What a
/// module only passes on is of the module that defines it.
fn uses_of(root: &Path) -> Uses {
    let modules = modules(root);
    let names: BTreeSet<ModulePath> = modules.keys().cloned().collect();
    let passed_on = passed_on(&modules, &names);
    let uses = modules.into_iter().map(|(module, tokens)| {
        let named = paths_in(tokens, &module)
            .into_iter()
            .map(|path| defined(path, &passed_on, &names));
        let named = named.filter_map(|path| longest_module(&path, &names).map(<[String]>::to_vec));
        let others = named.filter(|named| !named.starts_with(&module) && !module.starts_with(named));
        let others = others.collect();
        (module, others)
    });
    uses.collect()
}

fn longest_module<'a>(path: &'a [String], names: &BTreeSet<ModulePath>) -> Option<&'a [String]> {
    let starts = (1..=path.len()).rev().map(|length| &path[..length]);
    starts.into_iter().find(|start| names.contains(*start))
}
