//! Reads the tree and checks that it makes sense.

use std::path::{Path, PathBuf};

use config::{Config, Environment, File, FileFormat};
use thiserror::Error;

use crate::config::Settings;
use crate::config::defaults::DEFAULTS;

/// Settings that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file does not exist or cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A key or a value is wrong.
    #[error("the configuration is wrong: {0}; `assize worker --print-config` shows every setting")]
    Value(#[from] config::ConfigError),
    /// Two settings contradict each other, or one is out of its range.
    #[error("the setting {setting} is wrong: {reason}")]
    Range {
        /// Its name, such as `limits.default.cpu_ms`.
        setting: String,
        /// What is expected.
        reason: String,
    },
}

/// Loads the defaults, then `file`, then the environment.
///
/// # Errors
/// Names the file or the setting that is wrong.
pub fn load(file: Option<&Path>) -> Result<Settings, ConfigError> {
    let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            path: path.to_owned(),
            source,
        })?;
        sources = sources.add_source(File::from_str(&text, FileFormat::Toml));
    }
    let environment = Environment::with_prefix("ASSIZE")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true);
    let mut settings: Settings = sources.add_source(environment).build()?.try_deserialize()?;
    settings.fill_in();
    settings.validate()?;
    Ok(settings)
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
        if self.worker.id.is_empty() {
            self.worker.id = host_name();
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let (default, ceiling) = (&self.limits.default, &self.limits.ceiling);
        let pairs = [
            ("cpu_ms", default.cpu_ms, ceiling.cpu_ms),
            ("wall_ms", default.wall_ms, ceiling.wall_ms),
            ("memory_bytes", default.memory_bytes, ceiling.memory_bytes),
            ("output_bytes", default.output_bytes, ceiling.output_bytes),
            ("processes", default.processes, ceiling.processes),
        ];
        for (name, value, most) in pairs {
            let reason = format!("{value} is not between 1 and limits.ceiling.{name} = {most}");
            require((1..=most).contains(&value), &format!("limits.default.{name}"), &reason)?;
        }
        require(
            self.limits.wall_factor >= 1.0,
            "limits.wall_factor",
            "it must be at least 1",
        )?;
        require(self.sandbox.cpus >= 1, "sandbox.cpus", "a box needs at least one CPU")?;
        require(
            self.broker.max_attempts >= 1,
            "broker.max_attempts",
            "there is at least one attempt",
        )?;
        require(
            self.store.lease_ms >= 1000,
            "store.lease_ms",
            "a lease shorter than a second ends while it is renewed",
        )?;
        require(
            self.judge.box_attempts >= 1,
            "judge.box_attempts",
            "there is at least one box",
        )?;
        let listen = &self.http.listen;
        let reason = format!("{listen:?} is no address; write it as \"127.0.0.1:8750\", or \"\" for none");
        require(
            listen.is_empty() || self.http.address().is_some(),
            "http.listen",
            &reason,
        )?;
        for (name, language) in &self.languages {
            require(
                !language.run.is_empty(),
                &format!("languages.{name}.run"),
                "it names no program",
            )?;
            let factor = language.time_multiplier;
            let reason = format!("{factor} is not a positive number");
            require(
                factor.is_finite() && factor > 0.0,
                &format!("languages.{name}.time_multiplier"),
                &reason,
            )?;
        }
        Ok(())
    }
}

fn require(holds: bool, setting: &str, reason: &str) -> Result<(), ConfigError> {
    if holds {
        return Ok(());
    }
    Err(ConfigError::Range {
        setting: setting.to_owned(),
        reason: reason.to_owned(),
    })
}

/// Where this user's programs keep what can be made again (XDG Base Directory Specification).
fn user_cache() -> Option<PathBuf> {
    let directory = |variable: &str| {
        std::env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = directory("XDG_CACHE_HOME").or_else(|| directory("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("assize"))
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
