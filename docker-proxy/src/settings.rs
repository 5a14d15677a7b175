//! The settings: defaults, then a file, then the environment, each over the one before.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use toml::{Table, Value};

/// Every setting with its default value, as commented TOML.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// What variables of the environment begin with; the key follows in capitals.
const PREFIX: &str = "ASSIZE_DOCKER_PROXY_";

/// What the proxy lets through, and where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where workers find the proxy: `unix:///path`.
    pub listen: String,
    /// Mode of that socket, in octal digits.
    pub mode: String,
    /// Where the daemon is: `unix:///path`.
    pub docker: String,
    /// Images that boxes may be made of.
    pub images: Vec<String>,
    /// OCI runtime of boxes; empty: the daemon's default.
    pub runtime: String,
    /// File with the seccomp profile of boxes, in Docker's format. Empty: the one that is built in.
    pub seccomp_profile: PathBuf,
    /// Where the sockets are made by which boxes get their streams. Workers cannot write there. Empty: streams go through
    /// the daemon.
    pub streams_directory: PathBuf,
    /// Name of the volume that it is, for a proxy in a container. Empty: the daemon knows it by the same path.
    pub streams_volume: String,
    /// How long the daemon may take to begin an answer, in milliseconds.
    pub answer_timeout_ms: u64,
    /// Boxes at once.
    pub boxes: usize,
    /// Most memory of all boxes together, in bytes.
    pub all_memory_bytes: u64,
    /// Most processes of all boxes together, by their limits.
    pub all_processes: u64,
    /// Most CPUs of all boxes together.
    pub all_cpus: u64,
    /// Most memory that a box may ask for, in bytes.
    pub memory_bytes: u64,
    /// Most processes that a box may ask for.
    pub processes: u64,
    /// Most CPUs that a box may ask for.
    pub cpus: u32,
}

/// Settings that cannot be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings in {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file, or the defaults, is no TOML.
    #[error("cannot read the settings{place}: {source}")]
    Syntax {
        /// Where.
        place: String,
        /// Why.
        source: toml::de::Error,
    },
    /// A setting is wrong.
    #[error("the setting {key} (from {place}) is wrong: {reason}; see `assize-docker-proxy --defaults`")]
    Value {
        /// Its name.
        key: String,
        /// The file or the variable.
        place: String,
        /// What is expected.
        reason: String,
    },
}

impl Settings {
    /// Loads the settings.
    ///
    /// # Errors
    /// Names the file or the variable, the setting, and what is expected.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut table = parse(DEFAULTS, "")?;
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|source| SettingsError::File {
                path: path.to_owned(),
                source,
            })?;
            let place = path.display().to_string();
            for (key, value) in parse(&text, &format!(" in {place}"))? {
                put(&mut table, &key, &place, |_default| Ok(value))?;
            }
        }
        for (name, text) in variables {
            if let Some(key) = name.strip_prefix(PREFIX).filter(|key| *key != "CONFIG") {
                put(&mut table, &key.to_lowercase(), &name, |default| typed(&text, default))?;
            }
        }
        let settings: Self = table.try_into().map_err(|source| SettingsError::Syntax {
            place: String::new(),
            source,
        })?;
        settings.validate()
    }

    fn validate(self) -> Result<Self, SettingsError> {
        let sockets = [("listen", &self.listen), ("docker", &self.docker)];
        for (key, socket) in sockets {
            let reason = format!("{socket:?} is no socket; write it as unix:///run/assize/docker.sock");
            require(socket_path(socket).is_some(), key, reason)?;
        }
        let reason = format!("{:?} is no mode; write it as 0660", self.mode);
        require(self.socket_mode().is_some(), "mode", reason)?;
        let streams = &self.streams_directory;
        let is_place = streams.as_os_str().is_empty() || streams.is_absolute();
        let reason = format!("{streams:?} is no absolute path");
        require(is_place, "streams_directory", reason)?;
        let volume = &self.streams_volume;
        let is_name = volume
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        require(is_name, "streams_volume", format!("{volume:?} is no name of a volume"))?;
        require(!self.images.is_empty(), "images", "no box could be made".to_owned())?;
        let numbers = [
            ("answer_timeout_ms", self.answer_timeout_ms == 0),
            ("boxes", self.boxes == 0),
            ("all_memory_bytes", self.all_memory_bytes == 0),
            ("all_processes", self.all_processes == 0),
            ("all_cpus", self.all_cpus == 0),
            ("memory_bytes", self.memory_bytes == 0),
            ("processes", self.processes == 0),
            ("cpus", self.cpus == 0),
        ];
        for (key, is_zero) in numbers {
            require(!is_zero, key, "it is 0, so no box could be made".to_owned())?;
        }
        Ok(self)
    }

    /// The mode of the socket, if it is one.
    pub fn socket_mode(&self) -> Option<u32> {
        u32::from_str_radix(&self.mode, 8).ok().filter(|mode| *mode <= 0o777)
    }
}

/// The path in `unix:///path`.
pub fn socket_path(socket: &str) -> Option<&Path> {
    socket
        .strip_prefix("unix://")
        .map(Path::new)
        .filter(|path| path.is_absolute())
}

fn parse(text: &str, place: &str) -> Result<Table, SettingsError> {
    text.parse().map_err(|source| SettingsError::Syntax {
        place: place.to_owned(),
        source,
    })
}

/// Sets a setting that exists, to a value of the type that its default has.
fn put(
    table: &mut Table,
    key: &str,
    place: &str,
    value: impl FnOnce(&Value) -> Result<Value, &'static str>,
) -> Result<(), SettingsError> {
    let wrong = |reason: &str| SettingsError::Value {
        key: key.to_owned(),
        place: place.to_owned(),
        reason: reason.to_owned(),
    };
    let known = table.get_mut(key).ok_or_else(|| wrong("there is no such setting"))?;
    let value = value(known).map_err(wrong)?;
    if !value.same_type(known) {
        return Err(wrong(&format!(
            "it is {}, and {} is expected",
            value.type_str(),
            known.type_str()
        )));
    }
    *known = value;
    Ok(())
}

/// The text of a variable as the type that its setting has.
fn typed(text: &str, default: &Value) -> Result<Value, &'static str> {
    Ok(match default {
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_error| "a whole number is expected")?),
        Value::Array(_) => {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
        _ => Value::String(text.to_owned()),
    })
}

fn require(holds: bool, key: &str, reason: String) -> Result<(), SettingsError> {
    if holds {
        return Ok(());
    }
    Err(SettingsError::Value {
        key: key.to_owned(),
        place: "the file or the environment".to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<Settings, String> {
        Settings::load(None, [(name.to_owned(), value.to_owned())]).map_err(|error| error.to_string())
    }

    #[test]
    fn variables_go_over_the_defaults_and_mistakes_are_named() {
        assert_eq!(with("ASSIZE_DOCKER_PROXY_CPUS", "2").unwrap().cpus, 2);
        assert_eq!(with("ASSIZE_DOCKER_PROXY_IMAGES", "a, b").unwrap().images, ["a", "b"]);
        for (name, value, expected) in [
            ("ASSIZE_DOCKER_PROXY_CPUS", "many", "a whole number is expected"),
            ("ASSIZE_DOCKER_PROXY_CPUS", "0", "no box could be made"),
            ("ASSIZE_DOCKER_PROXY_ALL_CPUS", "0", "no box could be made"),
            ("ASSIZE_DOCKER_PROXY_ANSWER_TIMEOUT_MS", "0", "no box could be made"),
            ("ASSIZE_DOCKER_PROXY_CPU", "2", "there is no such setting"),
            ("ASSIZE_DOCKER_PROXY_LISTEN", "tcp://0.0.0.0:2375", "is no socket"),
            ("ASSIZE_DOCKER_PROXY_MODE", "1777", "is no mode"),
            ("ASSIZE_DOCKER_PROXY_STREAMS_DIRECTORY", "streams", "no absolute path"),
            ("ASSIZE_DOCKER_PROXY_STREAMS_VOLUME", "../x", "no name of a volume"),
        ] {
            let error = with(name, value).unwrap_err();
            assert!(error.contains(expected), "{name}={value}: {error}");
        }
    }

    #[test]
    fn a_file_is_held_against_the_types_of_the_defaults() {
        let file = std::env::temp_dir().join(format!("assize-docker-proxy-{}.toml", std::process::id()));
        for (text, expected) in [
            ("cpus = 3", None),
            ("cpus = \"3\"", Some("string")),
            ("cpu = 3", Some("no such")),
        ] {
            std::fs::write(&file, text).unwrap();
            let loaded = Settings::load(Some(&file), []).map_err(|error| error.to_string());
            match expected {
                None => assert_eq!(loaded.unwrap().cpus, 3),
                Some(expected) => assert!(loaded.unwrap_err().contains(expected), "{text}"),
            }
        }
        std::fs::remove_file(&file).unwrap();
    }
}
