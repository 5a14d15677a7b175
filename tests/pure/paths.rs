//! The modules that a source file names. They are found in its tokens, so comments and strings name nothing, while
//! groups, `super` and the insides of macros do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path within its crate, such as `judge`, `plan`, `Plan`.
pub(crate) type ModulePath = Vec<String>;

/// The folders with the sources of each crate of the workspace.
pub(crate) fn source_roots() -> Vec<PathBuf> {
    let manifest: toml::Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let root = |member: &toml::Value| Path::new(member.as_str().unwrap()).join("src");
    members.iter().map(root).collect()
}

/// Programs of the workspace whose sources are not in a folder `src`.
const OTHER_ROOTS: [&str; 1] = ["bench/scale"];

/// The folders with the sources of each library and each program.
pub(crate) fn crate_roots() -> Vec<PathBuf> {
    let others = OTHER_ROOTS.map(PathBuf::from);
    source_roots().into_iter().chain(others).collect()
}

/// The sources of a crate, each under its module's path. A library and a program beside it share the empty path.
pub(crate) fn modules(root: &Path) -> BTreeMap<ModulePath, TokenStream> {
    let mut found = BTreeMap::<ModulePath, TokenStream>::new();
    for (path, text) in sources(root) {
        let tokens: TokenStream = text.parse().unwrap();
        found.entry(module_of(root, &path)).or_default().extend(tokens);
    }
    found
}

fn module_of(root: &Path, file: &Path) -> ModulePath {
    let path = file.strip_prefix(root).unwrap().with_extension("");
    let names = path.components().map(|part| part.as_os_str().to_str().unwrap());
    let is_module = |name: &&str| !matches!(*name, "mod" | "lib" | "main");
    names.filter(is_module).map(str::to_owned).collect()
}

/// Every Rust file below a folder.
pub(crate) fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    files(root).into_iter().filter(is_rust).map(read).collect()
}

/// Every file below a folder, or the file itself.
pub(crate) fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found
}

/// What a module names by `crate`, `super` or `self`. Its tests may name what they like.
pub(crate) fn paths_in(tokens: TokenStream, module: &[String]) -> BTreeSet<ModulePath> {
    let mut found = BTreeSet::new();
    scan(tokens, module, &mut found);
    found
}

/// Every word of a source: names, keywords and crates.
pub(crate) fn words_in(tokens: TokenStream) -> BTreeSet<String> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(word) => BTreeSet::from([word.to_string()]),
        TokenTree::Group(group) => words_in(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => BTreeSet::new(),
    });
    words.collect()
}

/// The names of the functions that take a parameter of a type of this name, in a module and what lies within it.
pub(crate) fn functions_taking(tokens: TokenStream, type_name: &str) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let parameters = has(group, Delimiter::Parenthesis) && words_in(group.stream()).contains(type_name);
        let function = tokens[..at].iter().rposition(|before| is(before, "fn"));
        // Between a function's name and its parameters there can be others, of types and lifetimes.
        let is_its_own = |fun: usize| !tokens[fun..at].iter().any(|token| matches!(token, TokenTree::Group(_)));
        if let Some(fun) = function.filter(|fun| parameters && is_its_own(*fun)) {
            found.push(tokens[fun + 1].to_string());
        }
        found.extend(functions_taking(group.stream(), type_name));
    }
    found
}

fn scan(tokens: TokenStream, module: &[String], found: &mut BTreeSet<ModulePath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        at += match &tokens[at..] {
            [hash, TokenTree::Group(attribute), item @ ..] if is(hash, "#") && is_for_tests(&attribute.stream()) => {
                2 + length_of_item(item)
            }
            // Visibility is no use.
            [public, TokenTree::Group(group), ..] if is(public, "pub") && has(group, Delimiter::Parenthesis) => 2,
            [keyword, name, TokenTree::Group(body), ..] if is(keyword, "mod") && has(body, Delimiter::Brace) => {
                let inner = [module, &[name.to_string()]].concat();
                scan(body.stream(), &inner, found);
                3
            }
            [TokenTree::Group(group), ..] => {
                scan(group.stream(), module, found);
                1
            }
            [start, rest @ ..] => match start_of(start, module) {
                Some(prefix) if separated(rest) && !(at >= 2 && separated(&tokens[at - 2..])) => {
                    found.extend(ends_of(rest, prefix).into_iter().map(|(_name, path)| path));
                    1
                }
                _ => 1,
            },
            [] => 0,
        };
    }
}

/// The names that `use` gives a module, each with where it is from within the crate. What lies within the module can ask it
/// for them, and with `pub` others can.
pub(crate) fn names_given(
    tokens: TokenStream,
    module: &[String],
    modules: &BTreeSet<ModulePath>,
) -> Vec<(String, ModulePath)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for statement in tokens.split(|token| is(token, ";")) {
        let Some(at) = statement.iter().rposition(|token| is(token, "use")) else {
            continue;
        };
        let [start, rest @ ..] = &statement[at + 1..] else {
            continue;
        };
        let child = [module, &[start.to_string()]].concat();
        if let Some(prefix) = start_of(start, module).or_else(|| modules.contains(&child).then_some(child)) {
            found.extend(ends_of(rest, prefix));
        }
    }
    found
}

/// Goes along `::a::b::{c, d as e}`: where it leads, each with the name that `use` gives it.
fn ends_of(tokens: &[TokenTree], mut path: ModulePath) -> Vec<(String, ModulePath)> {
    let mut rest = tokens;
    while separated(rest) {
        match rest.get(2) {
            Some(TokenTree::Ident(name)) if *name == "super" => {
                path.pop();
            }
            Some(TokenTree::Ident(name)) if *name == "self" => {}
            Some(TokenTree::Ident(name)) => path.push(name.to_string()),
            Some(TokenTree::Group(group)) if has(group, Delimiter::Brace) => {
                let parts: Vec<TokenTree> = group.stream().into_iter().collect();
                let parts = parts.split(|token| is(token, ",")).filter(|part| !part.is_empty());
                return parts
                    .flat_map(|part| ends_of(&[&rest[..2], part].concat(), path.clone()))
                    .collect();
            }
            Some(star) if is(star, "*") => return vec![("*".to_owned(), path)],
            _ => break,
        }
        rest = &rest[3..];
    }
    let name = match rest {
        [keyword, name, ..] if is(keyword, "as") => name.to_string(),
        _ => path.last().cloned().unwrap_or_default(),
    };
    vec![(name, path)]
}

fn start_of(token: &TokenTree, module: &[String]) -> Option<ModulePath> {
    match token.to_string().as_str() {
        "crate" => Some(Vec::new()),
        "self" => Some(module.to_vec()),
        "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
        _ => None,
    }
}

fn separated(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [one, two, ..] if is(one, ":") && is(two, ":"))
}

/// Whether a token is this word or sign.
pub(crate) fn is(token: &TokenTree, text: &str) -> bool {
    !matches!(token, TokenTree::Group(_)) && token.to_string() == text
}

/// Whether a group stands between these.
pub(crate) fn has(group: &proc_macro2::Group, delimiter: Delimiter) -> bool {
    group.delimiter() == delimiter
}

/// `#[cfg(test)]`
pub(crate) fn is_for_tests(attribute: &TokenStream) -> bool {
    attribute.to_string().replace(' ', "") == "cfg(test)"
}

/// Up to the body of an item, or the semicolon behind it.
fn length_of_item(tokens: &[TokenTree]) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => has(group, Delimiter::Brace),
        other => is(other, ";"),
    };
    tokens.iter().position(ends).map_or(tokens.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::{functions_taking, paths_in};

    #[test]
    fn a_path_is_found_however_it_is_written() {
        let cases = [
            ("use crate::worker::Stop;", vec!["worker::Stop"]),
            (
                "use crate::{worker, store::{self, Store}};",
                vec!["store", "store::Store", "worker"],
            ),
            ("use super::plan::Plan;", vec!["judge::plan::Plan"]),
            ("use super::super::worker;", vec!["worker"]),
            (
                "fn f() { self::inner::g(super::h::<u8>()) }",
                vec!["judge::h", "judge::run::inner::g"],
            ),
            ("mod inner { use super::super::plan; }", vec!["judge::plan"]),
            ("fn f() { log!(\"{}\", crate::store::NAME); }", vec!["store::NAME"]),
            (
                "pub(in crate::judge) fn f() {} pub(super) fn g(&self) { self.x }",
                vec![],
            ),
            ("/// [`crate::store`]\nfn f() { \"crate::store\" }", vec![]),
            (
                "#[cfg(test)] mod tests { use crate::store; } use crate::broker;",
                vec!["broker"],
            ),
            ("#[cfg(test)] use crate::store; use crate::broker;", vec!["broker"]),
        ];
        for (source, expected) in cases {
            let module = ["judge".to_owned(), "run".to_owned()];
            let found = paths_in(source.parse().unwrap(), &module);
            let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
    #[test]
    fn a_function_takes_what_its_parameters_name() {
        let source =
            "impl A { fn one(&self, all: &Settings) -> u8 { g(Settings) } fn two<T: Into<u8>>(a: Arc<Settings>) {} }
            fn three(part: &StoreSettings) -> Result<Settings, E> { x }";
        assert_eq!(functions_taking(source.parse().unwrap(), "Settings"), ["one", "two"]);
    }
}
