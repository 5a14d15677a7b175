//! The settings: defaults, then a file, then the environment, each over the one before. All are lines `NAME=value`, so that
//! a file of them is an `EnvironmentFile` of systemd too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use assize_jailer_protocol::WithoutLayer;
use thiserror::Error;

/// Every setting with its default value.
pub const DEFAULTS: &str = include_str!("../defaults.env");

/// What the names of all settings begin with.
const PREFIX: &str = "ASSIZE_JAILER_";

/// What the jailer does, and within which bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where workers find it.
    pub listen: PathBuf,
    /// Mode of that socket.
    pub mode: u32,
    /// The program nsjail.
    pub nsjail: PathBuf,
    /// Directory with a root directory per environment.
    pub roots: PathBuf,
    /// Control group below which each box has one.
    pub group: String,
    /// First user of the host that boxes are mapped to.
    pub first_uid: u32,
    /// How many users there are.
    pub uids: u32,
    /// Seccomp profile in Docker's format; empty: the one that is built in.
    pub seccomp_profile: PathBuf,
    /// Bounds of boxes.
    pub bounds: Bounds,
    /// How long a worker may take to send a whole request.
    pub request_timeout: Duration,
    /// Layers that a worker may leave out of a box.
    pub leave_out: Vec<WithoutLayer>,
}

/// What boxes may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Boxes at once.
    pub boxes: usize,
    /// Most memory of a box, in bytes.
    pub memory_bytes: u64,
    /// Most processes of a box.
    pub processes: u64,
    /// Most CPUs of a box.
    pub cpus: u32,
    /// Most memory of all boxes together, in bytes.
    pub all_memory_bytes: u64,
    /// Most processes of all boxes together, by their limits.
    pub all_processes: u64,
    /// Most CPUs of all boxes together.
    pub all_cpus: u64,
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
    /// A line is none.
    #[error("line {line} of {place} is no NAME=value")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The file.
        place: String,
    },
    /// There is no such setting.
    #[error("there is no setting {name} (from {place}); `assize-jailer --defaults` lists all")]
    Unknown {
        /// Its name.
        name: String,
        /// Where it is.
        place: String,
    },
    /// A setting is wrong.
    #[error("the setting {name} = {value:?} is wrong: {reason}; see `assize-jailer --defaults`")]
    Value {
        /// Its name.
        name: String,
        /// What it says.
        value: String,
        /// What is expected.
        reason: String,
    },
}

/// The text of each setting by its name.
type Texts = BTreeMap<String, String>;

impl Settings {
    /// Loads the settings.
    ///
    /// # Errors
    /// Names the setting, where it is from, and what is expected.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut texts = lines(DEFAULTS, "the defaults")?.into_iter().collect::<Texts>();
        if let Some(path) = file {
            let text = fs::read_to_string(path).map_err(|source| SettingsError::File {
                path: path.to_owned(),
                source,
            })?;
            let place = path.display().to_string();
            over(&mut texts, lines(&text, &place)?, &place)?;
        }
        let ours = environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX));
        over(&mut texts, ours, "the environment")?;
        Self::of(&texts)
    }

    fn of(texts: &Texts) -> Result<Self, SettingsError> {
        Ok(Self {
            listen: absolute(texts, "LISTEN")?,
            mode: mode(texts)?,
            nsjail: absolute(texts, "NSJAIL")?,
            roots: absolute(texts, "ROOTS")?,
            group: group(texts)?,
            first_uid: number(texts, "FIRST_UID", 1..=u64::from(u32::MAX) - MOST_UIDS)?,
            uids: number(texts, "UIDS", 2..=MOST_UIDS)?,
            seccomp_profile: text(texts, "SECCOMP_PROFILE").1.into(),
            bounds: Bounds {
                boxes: number(texts, "BOXES", 1..=MOST_UIDS)?,
                memory_bytes: number(texts, "MEMORY_BYTES", LEAST_MEMORY..=MOST_BYTES)?,
                processes: number(texts, "PROCESSES", 1..=1 << 22)?,
                cpus: number(texts, "CPUS", 1..=4096)?,
                all_memory_bytes: number(texts, "ALL_MEMORY_BYTES", LEAST_MEMORY..=MOST_BYTES)?,
                all_processes: number(texts, "ALL_PROCESSES", 1..=1 << 32)?,
                all_cpus: number(texts, "ALL_CPUS", 1..=1 << 20)?,
            },
            request_timeout: Duration::from_millis(number(texts, "REQUEST_TIMEOUT_MS", 1..=3_600_000)?),
            leave_out: layers(texts)?,
        })
    }
}

/// Users at most; so many boxes there may be.
const MOST_UIDS: u64 = 65536;

/// Nothing starts with less.
const LEAST_MEMORY: u64 = 16 << 20;

/// More is another unit.
const MOST_BYTES: u64 = 1 << 50;

fn over(
    texts: &mut Texts,
    lines: impl IntoIterator<Item = (String, String)>,
    place: &str,
) -> Result<(), SettingsError> {
    for (name, value) in lines {
        let Some(known) = texts.get_mut(&name) else {
            let place = place.to_owned();
            return Err(SettingsError::Unknown { name, place });
        };
        *known = value;
    }
    Ok(())
}

fn lines(text: &str, place: &str) -> Result<Vec<(String, String)>, SettingsError> {
    let numbered = text.lines().map(str::trim).enumerate();
    let told = numbered.filter(|(_number, line)| !line.is_empty() && !line.starts_with('#'));
    told.map(|(number, line)| {
        let parts = line.split_once('=').filter(|(name, _value)| name.starts_with(PREFIX));
        let (name, value) = parts.ok_or_else(|| SettingsError::Line {
            line: number + 1,
            place: place.to_owned(),
        })?;
        Ok((name.to_owned(), value.trim_matches('"').to_owned()))
    })
    .collect()
}

/// The whole name of a setting, and its value. Every one has a default.
fn text<'a>(texts: &'a Texts, key: &str) -> (String, &'a str) {
    let name = format!("{PREFIX}{key}");
    let value = texts.get(&name).map_or("", String::as_str);
    (name, value)
}

fn wrong(texts: &Texts, key: &str, reason: impl Into<String>) -> SettingsError {
    let (name, value) = text(texts, key);
    SettingsError::Value {
        name,
        value: value.to_owned(),
        reason: reason.into(),
    }
}

fn absolute(texts: &Texts, key: &str) -> Result<PathBuf, SettingsError> {
    let path = PathBuf::from(text(texts, key).1);
    // A configuration of nsjail is text, and these paths are parts of it.
    let is_plain = path
        .to_str()
        .is_some_and(|path| !path.contains(|c: char| c.is_control() || "\"\\".contains(c)));
    if path.is_absolute() && is_plain {
        return Ok(path);
    }
    Err(wrong(texts, key, "it must be an absolute path without quotes"))
}

fn mode(texts: &Texts) -> Result<u32, SettingsError> {
    u32::from_str_radix(text(texts, "MODE").1, 8)
        .ok()
        .filter(|mode| *mode <= 0o777)
        .ok_or_else(|| wrong(texts, "MODE", "it must be octal digits such as 0660"))
}

fn group(texts: &Texts) -> Result<String, SettingsError> {
    let name = text(texts, "GROUP").1;
    let is_name = |part: &str| {
        let characters = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        !part.is_empty() && !part.starts_with('.') && part.chars().all(characters)
    };
    if name.split('/').all(is_name) {
        return Ok(name.to_owned());
    }
    Err(wrong(
        texts,
        "GROUP",
        "it must be a name such as assize or judges/assize",
    ))
}

fn number<T: FromStr + TryFrom<u64>>(
    texts: &Texts,
    key: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<T, SettingsError> {
    let parsed: Option<u64> = text(texts, key).1.parse().ok();
    let within = parsed.filter(|number| range.contains(number));
    within.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
        wrong(
            texts,
            key,
            format!("it must be from {} to {}", range.start(), range.end()),
        )
    })
}

fn layers(texts: &Texts) -> Result<Vec<WithoutLayer>, SettingsError> {
    let names = text(texts, "LEAVE_OUT").1;
    let of = |name: &str| WithoutLayer::ALL.into_iter().find(|layer| layer.name() == name);
    names
        .split([',', ' '])
        .filter(|name| !name.is_empty())
        .map(|name| {
            of(name).ok_or_else(|| {
                let known = WithoutLayer::ALL.map(WithoutLayer::name).join(", ");
                wrong(texts, "LEAVE_OUT", format!("{name:?} is no layer; there are {known}"))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<Settings, String> {
        let environment = [(name.to_owned(), value.to_owned())];
        Settings::load(None, environment).map_err(|error| error.to_string())
    }

    #[test]
    fn every_setting_has_a_default_and_the_environment_goes_over_a_file() {
        let defaults = Settings::load(None, []).unwrap();
        assert_eq!((defaults.mode, defaults.bounds.boxes), (0o660, 1024));
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "# ours\nASSIZE_JAILER_BOXES=3\nASSIZE_JAILER_GROUP=\"a/b\"\n").unwrap();
        let environment = [("ASSIZE_JAILER_BOXES".to_owned(), "4".to_owned())];
        let loaded = Settings::load(Some(file.path()), environment).unwrap();
        assert_eq!((loaded.bounds.boxes, loaded.group.as_str()), (4, "a/b"));
    }

    #[test]
    fn a_setting_that_makes_no_sense_is_refused_by_name() {
        for (name, value) in [
            ("ASSIZE_JAILER_BOXES", "0"),
            ("ASSIZE_JAILER_BOXES", "many"),
            ("ASSIZE_JAILER_MODE", "9"),
            ("ASSIZE_JAILER_GROUP", "../x"),
            ("ASSIZE_JAILER_GROUP", ""),
            ("ASSIZE_JAILER_ROOTS", "roots"),
            ("ASSIZE_JAILER_NSJAIL", "/x\"y"),
            ("ASSIZE_JAILER_LEAVE_OUT", "roof"),
            ("ASSIZE_JAILER_FIRST_UID", "0"),
            ("ASSIZE_JAILER_BOXS", "1"),
        ] {
            let said = with(name, value).unwrap_err();
            assert!(said.contains(name) && said.contains("--defaults"), "{said}");
        }
        assert!(with("HOME", "/x").is_ok());
    }
}
