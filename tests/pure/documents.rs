//! The pages that people read: what they name exists, and a reader finds each of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Characters of a line of prose.
const LONGEST_LINE: usize = 120;

#[test]
fn the_index_of_the_documents_leads_to_every_page() {
    let index = fs::read_to_string("docs/README.md").unwrap();
    let pages = pages();
    let documents = pages.iter().filter_map(|page| page.strip_prefix("docs").ok());
    for path in documents.filter(|path| *path != Path::new("README.md")) {
        let link = format!("]({})", path.display());
        assert!(
            index.contains(&link),
            "docs/README.md does not lead to {}",
            path.display()
        );
    }
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut lost = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            let is_local = !path.is_empty() && !path.contains("://");
            if is_local && !page.parent().unwrap().join(path).exists() {
                lost.push(format!("{} leads to {target}", page.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn every_file_that_the_documents_name_exists() {
    let mut lost = Vec::new();
    // What was changed once may be gone since.
    for document in pages().into_iter().filter(|page| page != Path::new("CHANGELOG.md")) {
        let text = fs::read_to_string(&document).unwrap();
        for name in text.split('`').skip(1).step_by(2) {
            let beside = document.parent().unwrap().join(name);
            if is_a_file_of_ours(name) && !Path::new(name).exists() && !beside.exists() {
                lost.push(format!("{} names {name}", document.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// A machine without a network has the pages and no sources.
#[test]
fn the_pages_of_a_bundle_lead_to_what_is_in_it() {
    let script = fs::read_to_string("docker/bundle.sh").unwrap();
    let lists = ["local pages=(", "local started=("].map(|list| script.split(list).nth(1).unwrap());
    let words = lists.iter().flat_map(|list| list.split(')').next().unwrap().split(' '));
    let packed: Vec<&Path> = words.map(Path::new).collect();
    let is_packed = |path: &Path| packed.iter().any(|root| path.starts_with(root));
    let mut lost = Vec::new();
    for page in pages().into_iter().filter(|page| is_packed(page)) {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            let path = lexical(&page.parent().unwrap().join(path));
            let is_source = path.extension().is_some_and(|extension| extension == "rs") || path.starts_with("tests");
            if !target.contains("://") && !is_source && path != page.parent().unwrap() && !is_packed(&path) {
                lost.push(format!("{} leads to {target}", page.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The path without `..`, for one that is below the root of the tree.
fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// A path below a directory of the tree. What tools make is none, and neither is one with a place for a name, as in
/// `tests/attacks/programs/CATEGORY/`.
fn is_a_file_of_ours(name: &str) -> bool {
    let is_below = |(root, rest): (&str, &str)| root != "target" && !rest.is_empty() && Path::new(root).is_dir();
    let is_a_place = |part: &str| part.len() > 1 && part.chars().all(|letter| letter.is_ascii_uppercase());
    let is_whole = !name.contains(|sign: char| sign.is_whitespace() || "*{<:".contains(sign));
    is_whole && name.split_once('/').is_some_and(is_below) && !name.split(['/', '.']).any(is_a_place)
}

#[test]
fn scripts_that_others_wrote_are_those_that_the_documents_name() {
    let told = fs::read_to_string("docs/dependencies.md").unwrap();
    for name in ["htmx.js", "htmx-sse.js"] {
        let digest = Sha256::digest(fs::read(format!("src/gateway/page/assets/{name}")).unwrap());
        let row = told.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        assert!(row.unwrap().contains(&hex::encode(digest)), "{name} is another file");
    }
}

/// Rows of tables, links that stand alone and code cannot be broken.
#[test]
fn no_line_of_the_documents_is_longer_than_a_terminal_shows() {
    let mut long = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut is_code = false;
        for (number, line) in text.lines().enumerate() {
            is_code ^= line.trim_start().starts_with("```");
            let cannot_break = line.starts_with('|') || line.starts_with("    ") || !line.trim().contains(' ');
            if !is_code && !cannot_break && line.chars().count() > LONGEST_LINE {
                long.push(format!("{}:{}", page.display(), number + 1));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

/// Every page in the root, in `docs/` and beside what it explains.
fn pages() -> Vec<PathBuf> {
    let directories = [
        ".",
        "docs",
        "docs/operations",
        "clients/python",
        "deploy/helm/assize",
        "examples",
        "seccomp",
    ];
    let entries = directories
        .iter()
        .flat_map(|directory| fs::read_dir(directory).unwrap());
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path))
        .collect()
}
