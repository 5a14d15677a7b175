//! Where a name is from that modules pass on (`pub use`).

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use crate::paths::{ModulePath, names_given};

/// A name is passed on so often at most.
const LONGEST_WAY: usize = 8;

/// Each name that a module passes on, with where it comes from. A module goes before a name like its own.
pub(crate) fn passed_on(
    modules: &BTreeMap<ModulePath, TokenStream>,
    names: &BTreeSet<ModulePath>,
) -> BTreeMap<ModulePath, ModulePath> {
    let mut passed_on = BTreeMap::new();
    for (module, tokens) in modules {
        for (name, from) in names_given(tokens.clone(), module, names) {
            let hides_names = name == "*" && !module.starts_with(&from);
            assert!(!hides_names, "{} hides names of {}", module.join("::"), from.join("::"));
            passed_on.insert([module.as_slice(), &[name]].concat(), from);
        }
    }
    passed_on
}

/// The path behind every `use` on its way.
pub(crate) fn defined(
    mut path: ModulePath,
    passed_on: &BTreeMap<ModulePath, ModulePath>,
    names: &BTreeSet<ModulePath>,
) -> ModulePath {
    for _step in 0..LONGEST_WAY {
        let is_name = |length: &usize| *length == path.len() || !names.contains(&path[..*length]);
        let mut lengths = (1..=path.len()).rev().filter(is_name);
        let known = lengths.find_map(|length| Some((length, passed_on.get(&path[..length])?)));
        match known {
            Some((length, from)) if *from != path[..length] => path = [from, &path[length..]].concat(),
            _ => return path,
        }
    }
    panic!("{} is passed on without an end", path.join("::"));
}
