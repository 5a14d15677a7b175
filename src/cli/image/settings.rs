//! The settings that an image is used by.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::cli::Failure;
use crate::cli::image::imports::Imported;
use crate::config::LanguageSettings;

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
        let environment = table(document, &["environments", self.name])?;
        environment.insert("base", value(self.base));
        environment.insert("packages", list(self.packages.iter().map(String::as_str), true));
        environment.insert("libraries", list(self.libraries(), false));
        environment.insert("warm_libraries", list(self.warm_libraries(), false));
        match self.language {
            Some(language) => self.put_language(language, document),
            None => Ok(()),
        }
    }

    fn put_language(&self, language: &LanguageSettings, document: &mut DocumentMut) -> Result<(), Failure> {
        let mut language = language.clone();
        self.name.clone_into(&mut language.environment);
        language.libraries.extend(self.libraries().map(str::to_owned));
        language.warm_libraries.extend(self.warm_libraries().map(str::to_owned));
        let copied = toml_edit::ser::to_document(&language).map_err(Failure::ours)?;
        let table = table(document, &["languages", self.name])?;
        for (key, item) in copied.iter() {
            table.insert(key, item.clone());
        }
        Ok(())
    }

    fn libraries(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.imported.iter().flat_map(Imported::forkable).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }

    fn warm_libraries(&self) -> impl Iterator<Item = &str> {
        self.imported.iter().flat_map(Imported::slow)
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

fn list<'a>(words: impl Iterator<Item = &'a str>, is_tall: bool) -> Item {
    let mut array: Array = words.collect();
    if is_tall {
        array.iter_mut().for_each(|word| word.decor_mut().set_prefix("\n    "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    value(array)
}
