//! The settings that an image is used by.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, anyhow};
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::cli::Failure;
use crate::cli::image::imports::Imported;
use crate::config::{EnvironmentSettings, LanguageSettings};

/// An image that can be used.
#[derive(Debug)]
pub(super) struct NewEnvironment<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Environment whose place it takes.
    pub(super) base: &'a str,
    /// Image with its tag.
    pub(super) image: &'a str,
    /// All libraries in it, as `numpy==2.2.4`.
    pub(super) packages: Vec<String>,
    /// Those that were asked for.
    pub(super) imported: &'a [Imported],
    /// The language to copy, where submissions are to choose it by a language of its own.
    pub(super) language: Option<&'a LanguageSettings>,
}

impl NewEnvironment<'_> {
    /// Puts its tables into settings, and leaves the rest of them as it is.
    pub(super) fn put_into(&self, document: &mut DocumentMut) -> Result<(), Failure> {
        let images = table(document, &["sandbox", "docker", "images"])?;
        images.insert(self.name, value(self.image));
        let libraries = self.libraries();
        let environment = table(document, &["environments", self.name])?;
        environment.insert("base", value(self.base));
        environment.insert("packages", list(&self.packages, true));
        environment.insert("libraries", list(&libraries.libraries, false));
        environment.insert("warm_libraries", list(&libraries.warm_libraries, false));
        let Some(language) = self.language else {
            return Ok(());
        };
        let copied = toml_edit::ser::to_document(&language.moved_to(self.name, &libraries)).map_err(Failure::ours)?;
        let table = table(document, &["languages", self.name])?;
        for (key, item) in copied.iter() {
            table.insert(key, item.clone());
        }
        Ok(())
    }

    /// What its programs may find imported already.
    fn libraries(&self) -> EnvironmentSettings {
        let names = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            let names: BTreeSet<&str> = names.collect();
            names.into_iter().map(str::to_owned).collect()
        };
        EnvironmentSettings {
            libraries: names(&mut self.imported.iter().flat_map(Imported::forkable)),
            warm_libraries: names(&mut self.imported.iter().flat_map(Imported::slow)),
            ..EnvironmentSettings::default()
        }
    }
}

/// The settings in a file; none where there is no such file.
pub(super) fn read(path: &Path) -> Result<DocumentMut, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Failure::Usage(
                anyhow!(error).context(format!("cannot read {}", path.display())),
            ));
        }
    };
    let document = text.parse::<DocumentMut>();
    document
        .with_context(|| format!("{} is no TOML", path.display()))
        .map_err(Failure::Usage)
}

/// The line of docker-proxy.toml that lets through the images of workers with these settings, and with what is added.
pub(super) fn images_for_the_proxy(known: &BTreeMap<String, String>, added: &DocumentMut) -> String {
    let mut images = known.clone();
    let tables = ["sandbox", "docker", "images"];
    let own = tables
        .iter()
        .try_fold(added.as_item(), |item, name| item.get(name))
        .and_then(Item::as_table_like);
    for (name, image) in own.into_iter().flat_map(|table| table.iter()) {
        if let Some(image) = image.as_str() {
            images.insert(name.to_owned(), image.to_owned());
        }
    }
    format!("images = {}", images.values().collect::<Array>())
}

/// The table at this path, which is made where there is none.
fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut Table, Failure> {
    let mut table = document.as_table_mut();
    for name in path {
        let mut new = Table::new();
        new.set_implicit(true);
        let entry = table.entry(name).or_insert(Item::Table(new));
        table = entry.as_table_mut().ok_or_else(|| {
            Failure::Usage(anyhow!(
                "{name} of the settings is written in one line; write it as a table, [{}]",
                path.join(".")
            ))
        })?;
    }
    Ok(table)
}

fn list(words: &[String], is_tall: bool) -> Item {
    let mut array: Array = words.iter().collect();
    if is_tall {
        array.iter_mut().for_each(|word| word.decor_mut().set_prefix("\n    "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    value(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_told_each_image_once_and_the_newest_of_an_environment() {
        let known = [("python3", "assize/python3:latest"), ("python3-graphs", "graphs:old")];
        let known = known.map(|(name, image)| (name.to_owned(), image.to_owned()));
        let mut added = DocumentMut::new();
        let new = NewEnvironment {
            name: "python3-graphs",
            base: "python3",
            image: "graphs:new",
            packages: Vec::new(),
            imported: &[],
            language: None,
        };
        new.put_into(&mut added).unwrap();
        let line = images_for_the_proxy(&BTreeMap::from(known), &added);
        assert_eq!(line, r#"images = ["assize/python3:latest", "graphs:new"]"#);
    }
}
