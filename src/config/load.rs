//! Reads the settings: the defaults, then a file, then the environment.

use std::error::Error;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use thiserror::Error;

use crate::config::Settings;
use crate::config::defaults::DEFAULTS;
use crate::config::environment::{self, EnvironmentError, ORIGIN};
use crate::config::range_error::RangeError;
use crate::config::shape::Shape;
use crate::config::validate::validate;
use crate::nearest::asked;

/// Settings that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file does not exist or cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file, or the built-in defaults, is no TOML.
    #[error("the configuration cannot be read: {0}; `assize config show` shows every setting")]
    Syntax(#[source] config::ConfigError),
    /// A variable of the environment is wrong.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// A key or the type of a value is wrong.
    #[error("the setting {key}{place} is wrong: {source}; `assize config show` shows every setting")]
    Value {
        /// Its name, such as `worker.slots`.
        key: String,
        /// Where it was found.
        place: Place,
        /// What is expected.
        source: ValueError,
    },
    /// Two settings contradict each other, or one is out of its range.
    #[error("the setting {}{place} is wrong: {}", error.key, error.expected)]
    Range {
        /// Which setting, and what is expected of it.
        error: RangeError,
        /// Where it was found.
        place: Place,
    },
    /// What uses a setting cannot use this value.
    #[error("the setting {key}{place} is wrong: {source}")]
    Unusable {
        /// Its name, such as `sandbox.cpuset`.
        key: String,
        /// Where it was found.
        place: Place,
        /// What is wrong, and what to write.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// A value that has not the type of its setting.
#[derive(Debug, Error)]
pub enum ValueError {
    /// A secret is expected, which no message and no error behind it shows.
    #[error("a text is expected")]
    SecretText,
    /// Several secrets are.
    #[error("a list of texts is expected")]
    SecretList,
    /// There is no such setting.
    #[error("there is no such setting{}", asked(.0.as_deref()))]
    Unknown(Option<String>),
    /// Anything else.
    #[error("{}", complaint(.0))]
    Other(Box<config::ConfigError>),
}

/// Where a setting was found: in a file, in a variable, or nowhere but in the defaults.
#[derive(Debug)]
pub struct Place(Option<String>);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(origin) => write!(f, " (from {origin})"),
            None => Ok(()),
        }
    }
}

/// Loads the defaults, then `file`, then the environment.
///
/// # Errors
/// Names the file or the variable, and the setting that is wrong.
pub fn load(file: Option<&Path>) -> Result<Settings, ConfigError> {
    let shape = shape()?;
    let merged = merge(file, &shape)?;
    let mut settings = typed(&merged, file, &shape)?;
    settings.fill_in();
    validate(&settings, &merged, &shape).map_err(|error| ConfigError::Range {
        place: place(&merged, &error.key, file),
        error,
    })?;
    Ok(settings)
}

/// Says that a setting which is right by itself cannot be used, for this reason, and where it was found.
pub fn wrong_setting(file: Option<&Path>, key: &str, source: Box<dyn Error + Send + Sync>) -> ConfigError {
    match shape().and_then(|shape| merge(file, &shape)) {
        Ok(merged) => ConfigError::Unusable {
            place: place(&merged, key, file),
            key: key.to_owned(),
            source,
        },
        Err(error) => error,
    }
}

fn shape() -> Result<Shape, ConfigError> {
    Shape::of_defaults().map_err(|error| ConfigError::Syntax(config::ConfigError::Foreign(error.into())))
}

fn merge(file: Option<&Path>, shape: &Shape) -> Result<Config, ConfigError> {
    let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        // Read here for the error: the library's own does not say why a file cannot be read.
        let found = std::fs::File::open(path).and_then(|file| file.metadata());
        let is_directory = |found: Metadata| match found.is_dir() {
            true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            false => Ok(()),
        };
        found.and_then(is_directory).map_err(|source| ConfigError::File {
            path: path.to_owned(),
            source,
        })?;
        sources = sources.add_source(File::from(path).format(FileFormat::Toml));
    }
    for (key, value) in environment::read(std::env::vars_os(), shape)? {
        sources = sources.set_override(key, value).map_err(ConfigError::Syntax)?;
    }
    sources.build().map_err(ConfigError::Syntax)
}

fn typed(merged: &Config, file: Option<&Path>, shape: &Shape) -> Result<Settings, ConfigError> {
    serde_path_to_error::deserialize(merged.clone()).map_err(|error| {
        let key = error.path().to_string();
        ConfigError::Value {
            place: place(merged, &key, file),
            source: wrong_value(&key, error.into_inner(), shape),
            key,
        }
    })
}

fn wrong_value(key: &str, error: config::ConfigError, shape: &Shape) -> ValueError {
    let secret = environment::is_secret(key);
    match shape.default_of(key) {
        Some(default) if secret && default.is_array() => ValueError::SecretList,
        _ if secret => ValueError::SecretText,
        // The library lists all fields of the table.
        None if complaint(&error).starts_with("unknown field") => ValueError::Unknown(shape.nearest_or_table(key)),
        _ => ValueError::Other(Box::new(error)),
    }
}

/// What is wrong with a value, without its key and place, which the message around it names.
fn complaint(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::At { error, .. } => complaint(error),
        config::ConfigError::Type {
            unexpected, expected, ..
        } => format!("it is {unexpected}, and {} is expected", plainly(expected)),
        other => other.to_string(),
    }
}

/// The library's words for whole numbers say how many bits they have.
fn plainly(expected: &str) -> &str {
    match (expected.contains("integer"), expected.contains("unsigned")) {
        (true, true) => "a whole number from 0",
        (true, false) => "a whole number",
        _ => expected,
    }
}

/// Where the setting with this key was found.
fn place(merged: &Config, key: &str, file: Option<&Path>) -> Place {
    let mut found = Some(&merged.cache);
    for name in key.split('.') {
        // A value of a list has been found where the list was.
        let name = name.split_once('[').map_or(name, |(list, _position)| list);
        found = found.and_then(|value| match &value.kind {
            config::ValueKind::Table(table) => table.get(name),
            _ => None,
        });
    }
    let origin = found.and_then(config::Value::origin);
    // A variable that names no setting is refused before, so what has no origin, as tables have none, is the file's.
    let of_file = file.filter(|_file| found.is_some_and(|value| value.origin().is_none()));
    if let Some(file) = of_file {
        return Place(Some(file.display().to_string()));
    }
    // The library writes a file's path from where the program runs; its user knows it as it was given.
    Place(origin.map(|origin| match file {
        Some(file) if !origin.starts_with(ORIGIN) => file.display().to_string(),
        _ => origin.to_owned(),
    }))
}

impl Settings {
    /// Replaces the settings that stand for "what this machine has".
    fn fill_in(&mut self) {
        if self.worker.slots == 0 {
            self.worker.slots = std::thread::available_parallelism().map_or(1, usize::from);
        }
        let cache = user_cache();
        if self.validators.cache_directory.as_os_str().is_empty()
            && let Some(cache) = &cache
        {
            self.validators.cache_directory = cache.join("validators");
        }
        if self.problems.cache_directory.as_os_str().is_empty() {
            let temporary = || std::env::temp_dir().join(format!("assize-{}", std::process::id()));
            self.problems.cache_directory = cache.unwrap_or_else(temporary).join("problems");
        }
        if self.sandbox.cpus_directory.as_os_str().is_empty() {
            let runtime = directory_of("XDG_RUNTIME_DIR");
            self.sandbox.cpus_directory = runtime.unwrap_or_else(std::env::temp_dir).join("assize-cpus");
        }
        if self.worker.id.is_empty() {
            self.worker.id = host_name();
        }
    }
}

/// Where this user's programs keep what can be made again (XDG Base Directory Specification).
fn user_cache() -> Option<PathBuf> {
    let base = directory_of("XDG_CACHE_HOME").or_else(|| directory_of("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("assize"))
}

fn directory_of(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// In a container this is the container's id, which tells replicas apart.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "worker".to_owned()
    } else {
        name.to_owned()
    }
}
