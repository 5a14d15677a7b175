//! The files that hold results: JSON, and the page of the documentation that shows them.

use std::path::Path;

use anyhow::{Context as _, anyhow};

use crate::results::Results;

/// Lines of a page between which the results are put.
const BEGIN: &str = "<!-- results: written by `make bench` -->";
const END: &str = "<!-- end of the results -->";

/// Results of a run before.
pub(crate) fn results(path: &Path) -> anyhow::Result<Results> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} holds no results", path.display()))
}

/// Whether the page has the two lines.
pub(crate) fn check(page: &Path) -> anyhow::Result<()> {
    around_results(page, &read(page)?).map(drop)
}

/// Replaces what stands between the two lines.
pub(crate) fn replace(page: &Path, results: &str) -> anyhow::Result<()> {
    let text = read(page)?;
    let (before, behind) = around_results(page, &text)?;
    write(page, &format!("{before}{BEGIN}\n\n{results}\n{END}{behind}"))
}

/// Writes a file whole.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn read(page: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))
}

fn around_results<'a>(page: &Path, text: &'a str) -> anyhow::Result<(&'a str, &'a str)> {
    let parts = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    parts.ok_or_else(|| {
        anyhow!(
            "{} does not say where results belong; put the lines {BEGIN} and {END} into it",
            page.display()
        )
    })
}
