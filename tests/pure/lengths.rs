//! A function does one thing on one level, so it fits on a screen. Tests may be as long as their tables.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::paths::{ModulePath, crate_roots, has, is, is_for_tests, modules};

/// From its first line with `fn` to the brace that closes it.
const LONGEST_FUNCTION: usize = 45;

struct Function {
    name: String,
    lines: usize,
}

#[test]
fn no_function_outside_tests_is_longer_than_a_screen() {
    let mut long = BTreeSet::new();
    for root in crate_roots() {
        let functions = functions_below(&root);
        assert!(!functions.is_empty(), "{} has no functions", root.display());
        for (module, Function { name, lines }) in functions {
            if lines > LONGEST_FUNCTION {
                let place = module.iter().fold(root.clone(), |place, part| place.join(part));
                long.insert(format!("{}: {name} has {lines} lines", place.display()));
            }
        }
    }
    assert!(
        long.is_empty(),
        "longer than {LONGEST_FUNCTION} lines, split them into steps: {long:#?}"
    );
}

#[test]
fn the_lines_of_a_function_are_counted_wherever_it_stands_and_those_of_tests_are_not() {
    let source = "
        impl A {
            pub(super) async fn one<T>(
                of: fn(u8) -> u8,
            ) -> [u8; 2]
            where
                T: B,
            {
                fn two() {}
                [1, 2]
            }
        }
        trait C {
            fn declared(&self);
            fn given(&self) {
            }
        }
        #[cfg(test)]
        mod tests { fn none() {} }
        #[cfg(test)]
        pub(super) mod fixture { fn none() {} }
        mod inner { fn three() {
        } }";
    let functions = functions_of(source.parse().unwrap());
    let found: Vec<_> = functions.iter().map(|it| (it.name.as_str(), it.lines)).collect();
    assert_eq!(found, [("one", 9), ("two", 1), ("given", 2), ("three", 2)]);
}

#[test]
fn a_module_of_tests_may_be_a_file() {
    let source = "mod a; #[cfg(test)] mod tests; #[cfg(test)] pub(crate) mod fixture; #[cfg(unix)] mod b;";
    let module = ["judge".to_owned()];
    let found: Vec<String> = files_of_tests(source.parse().unwrap(), &module)
        .iter()
        .map(|path| path.join("::"))
        .collect();
    assert_eq!(found, ["judge::tests", "judge::fixture"]);
}

/// The functions of a crate, each with the module that it is in.
fn functions_below(root: &Path) -> Vec<(ModulePath, Function)> {
    let modules = modules(root);
    let of_tests: Vec<ModulePath> = modules
        .iter()
        .flat_map(|(module, tokens)| files_of_tests(tokens.clone(), module))
        .collect();
    let is_program = |module: &ModulePath| !of_tests.iter().any(|tests| module.starts_with(tests));
    let programs = modules.into_iter().filter(|(module, _tokens)| is_program(module));
    programs
        .flat_map(|(module, tokens)| {
            let functions = functions_of(tokens).into_iter();
            functions.map(move |function| (module.clone(), function))
        })
        .collect()
}

/// The modules behind `#[cfg(test)] mod name;`.
fn files_of_tests(tokens: TokenStream, module: &[String]) -> Vec<ModulePath> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let starts = 0..tokens.len();
    let named = starts.filter_map(|at| match module_of_tests(&tokens[at..])? {
        [name, end, ..] if is(end, ";") => Some(name.to_string()),
        _ => None,
    });
    named.map(|name| [module, &[name]].concat()).collect()
}

/// The functions that stand in a source, and in each other.
fn functions_of(tokens: TokenStream) -> Vec<Function> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        if let Some(behind @ [_name, TokenTree::Group(_body), ..]) = module_of_tests(rest) {
            at += rest.len() - behind.len() + 2;
            continue;
        }
        found.extend(function_at(rest));
        if let TokenTree::Group(group) = &tokens[at] {
            found.extend(functions_of(group.stream()));
        }
        at += 1;
    }
    found
}

/// What stands behind `#[cfg(test)] mod`, if that is here.
fn module_of_tests(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    let [hash, TokenTree::Group(attribute), item @ ..] = tokens else {
        return None;
    };
    let item = match item {
        [public, TokenTree::Group(_where), item @ ..] if is(public, "pub") => item,
        [public, item @ ..] if is(public, "pub") => item,
        item => item,
    };
    let is_module = is(hash, "#") && is_for_tests(&attribute.stream());
    item.split_first()
        .filter(|(keyword, _behind)| is_module && is(keyword, "mod"))
        .map(|(_keyword, behind)| behind)
}

/// The function that begins here, if it has a body.
fn function_at(tokens: &[TokenTree]) -> Option<Function> {
    let [keyword, TokenTree::Ident(name), ..] = tokens else {
        return None;
    };
    if !is(keyword, "fn") {
        return None;
    }
    let ends = |token: &&TokenTree| is(token, ";") || body_of(token).is_some();
    let body = tokens.iter().find(ends).and_then(body_of)?;
    Some(Function {
        name: name.to_string(),
        lines: body.span_close().start().line - keyword.span().start().line + 1,
    })
}

fn body_of(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if has(group, Delimiter::Brace) => Some(group),
        _ => None,
    }
}
