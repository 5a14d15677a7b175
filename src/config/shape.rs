//! Which settings there are and what types they have: taken from the file of defaults, which is also their documentation.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::config::defaults::DEFAULTS;
use crate::nearest::nearest;

/// Tables whose keys are names that users choose, each with the name of the entry whose shape the others have.
const TABLES_OF_NAMES: [(&str, &str); 3] = [
    ("languages", "python3"),
    ("environments", "python3"),
    ("sandbox.docker.images", "python3"),
];

/// The tree of defaults.
#[derive(Debug)]
pub(super) struct Shape(Table);

impl Shape {
    /// That of the built-in defaults.
    ///
    /// # Errors
    /// When they are no TOML, which a test rules out.
    pub(super) fn of_defaults() -> Result<Self, toml::de::Error> {
        DEFAULTS.parse().map(Self)
    }

    /// The default of the setting with this key, such as `worker.slots`; for a name that users choose, that of its model.
    pub(super) fn default_of(&self, key: &str) -> Option<&Value> {
        self.find(key).or_else(|| self.find(&of_model(key)?))
    }

    /// The keys of all settings.
    pub(super) fn keys(&self) -> impl Iterator<Item = String> {
        let mut keys = Vec::new();
        collect(&self.0, "", &mut keys);
        keys.into_iter()
    }

    /// The key that looks most like this one, if any does.
    pub(super) fn nearest(&self, key: &str) -> Option<String> {
        nearest(key, self.keys())
    }

    /// The same, or the table.
    pub(super) fn nearest_or_table(&self, key: &str) -> Option<String> {
        let tables: BTreeSet<String> = self
            .keys()
            .filter_map(|key| key.rsplit_once('.').map(|(table, _name)| table.to_owned()))
            .collect();
        nearest(key, self.keys().chain(tables))
    }

    fn find(&self, key: &str) -> Option<&Value> {
        let mut names = key.split('.');
        let first = self.0.get(names.next()?)?;
        names.try_fold(first, |value, name| value.as_table()?.get(name))
    }
}

/// The same key with the model's name in the place of the one that a user chose.
fn of_model(key: &str) -> Option<String> {
    TABLES_OF_NAMES.iter().find_map(|(table, model)| {
        let rest = key.strip_prefix(table)?.strip_prefix('.')?;
        let behind = rest.find('.').map_or("", |at| &rest[at..]);
        Some(format!("{table}.{model}{behind}"))
    })
}

fn collect(table: &Table, prefix: &str, keys: &mut Vec<String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value.as_table() {
            Some(inner) => collect(inner, &key, keys),
            None => keys.push(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_every_table_of_names_exists() {
        let shape = Shape::of_defaults().unwrap();
        for (table, model) in TABLES_OF_NAMES {
            assert!(shape.find(&format!("{table}.{model}")).is_some(), "{table}.{model}");
        }
        assert!(
            shape
                .default_of("languages.ruby.libraries")
                .is_some_and(Value::is_array)
        );
        assert!(
            shape
                .default_of("sandbox.docker.images.ruby")
                .is_some_and(Value::is_str)
        );
        assert!(shape.default_of("languages.ruby.colour").is_none());
    }
}
