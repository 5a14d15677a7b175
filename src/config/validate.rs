//! Values that have the right type and make no sense: zero where nothing would work, empty names, URLs that are none.

use config::Config;
use url::Url;

use crate::config::range_error::{RangeError, require};
use crate::config::{LanguageSettings, Settings, references};

/// Numbers with the least value that makes sense.
const AT_LEAST: [(&str, i64); 45] = [
    ("broker.bulk_every", 1),
    ("broker.bulk_poll_ms", 1),
    ("broker.later_ms", 1),
    ("broker.verdict_queue_length", 1),
    ("broker.max_attempts", 1),
    ("broker.max_lost_workers", 1),
    ("broker.confirm_timeout_ms", 1),
    ("broker.unknown_problem_retries", 0),
    // Below that the facts of a few hundred tests alone do not fit.
    ("broker.max_verdict_bytes", 65536),
    ("store.connections", 1),
    // A shorter lease would end while it is renewed.
    ("store.lease_ms", 1000),
    ("problems.refresh_ms", 0),
    ("problems.cache_bytes", 1),
    ("problems.memory_bytes", 0),
    ("problems.patience_ms", 0),
    ("problems.archive_bytes", 1),
    ("problems.package_bytes", 1),
    ("problems.package_files", 1),
    ("submission.max_message_bytes", 1),
    ("submission.max_source_bytes", 1),
    ("submission.max_files", 1),
    ("submission.max_tests", 1),
    ("submission.max_metadata_bytes", 0),
    ("limits.wall_extra_ms", 0),
    ("limits.file_bytes", 1),
    // Below that the interpreter itself does not start.
    ("limits.open_files", 16),
    ("limits.compile_cpu_ms", 1),
    ("judge.excerpt_bytes", 0),
    ("judge.box_attempts", 1),
    ("judge.parallel_tests", 1),
    ("validators.cpu_ms", 1),
    ("validators.memory_bytes", 1),
    ("validators.output_bytes", 1),
    ("validators.compile_cpu_ms", 1),
    ("validators.scratch_bytes", 1),
    ("validators.cache_bytes", 0),
    ("sandbox.cpus", 1),
    ("sandbox.scratch_bytes", 1),
    ("sandbox.scratch_inodes", 1),
    ("sandbox.warm_boxes", 0),
    ("sandbox.launch_timeout_ms", 1),
    ("sandbox.answer_timeout_ms", 1),
    ("sandbox.docker.call_timeout_ms", 1),
    ("sandbox.docker.sweep_after_ms", 0),
    ("worker.shutdown_grace_ms", 0),
];

/// Texts that must say something.
const NOT_EMPTY: [&str; 13] = [
    "worker.id",
    "broker.queue",
    "broker.exchange",
    "broker.bulk_queue",
    "broker.later_queue",
    "broker.later_exchange",
    "broker.dead_letter_exchange",
    "broker.dead_letter_queue",
    "broker.verdict_exchange",
    "broker.control_exchange",
    "broker.cancel_queue",
    "validators.environment",
    "validators.toolchain",
];

/// What a command of a language may name in braces.
const PLACEHOLDERS: [&str; 2] = ["{sources}", "{entry}"];

/// Checks the settings, of which `merged` are those that were given.
pub(super) fn validate(settings: &Settings, merged: &Config) -> Result<(), RangeError> {
    numbers(merged)?;
    texts(settings, merged)?;
    urls(settings)?;
    limits(settings)?;
    near_limit(settings)?;
    references::check(settings)?;
    settings
        .languages
        .iter()
        .try_for_each(|(name, language)| check_language(name, language))
}

fn numbers(merged: &Config) -> Result<(), RangeError> {
    for (key, least) in AT_LEAST {
        // Larger ones than an i64 are refused by the types of the settings.
        if let Ok(value) = merged.get_int(key) {
            require(value >= least, key, || {
                format!("it is {value}, and must be at least {least}")
            })?;
        }
    }
    Ok(())
}

fn texts(settings: &Settings, merged: &Config) -> Result<(), RangeError> {
    for key in NOT_EMPTY {
        let given = if key == "worker.id" {
            Ok(settings.worker.id.clone())
        } else {
            merged.get_string(key)
        };
        let is_empty = given.is_ok_and(|text| text.trim().is_empty());
        require(!is_empty, key, || "it is empty".to_owned())?;
    }
    let listen = &settings.http.listen;
    require(
        listen.is_empty() || settings.http.address().is_some(),
        "http.listen",
        || format!("{listen:?} is no address; write it as \"127.0.0.1:8750\", or \"\" for none"),
    )
}

/// A wrong URL would be tried for ever: no service answers at a place that does not exist.
fn urls(settings: &Settings) -> Result<(), RangeError> {
    url(
        "broker.url",
        &settings.broker.url,
        &["amqp", "amqps"],
        "amqp://user:password@host:5672/vhost",
    )?;
    if settings.store.enabled {
        let expected = "postgres://user:password@host:5432/database";
        url("store.url", &settings.store.url, &["postgres", "postgresql"], expected)?;
    }
    if !settings.problems.url.is_empty() {
        let expected = "https://host/path or file:///path";
        url(
            "problems.url",
            &settings.problems.url,
            &["http", "https", "file"],
            expected,
        )?;
    }
    Ok(())
}

fn url(key: &str, text: &str, schemes: &[&str], expected: &str) -> Result<(), RangeError> {
    let parsed = Url::parse(text);
    let problem = match &parsed {
        Err(error) => Some(error.to_string()),
        Ok(url) if !schemes.contains(&url.scheme()) => Some(format!("{:?} is no scheme for it", url.scheme())),
        Ok(url) if url.scheme() != "file" && !names_host(url) => Some("it names no host".to_owned()),
        Ok(_) => None,
    };
    // The text itself may hold a password.
    require(problem.is_none(), key, || {
        format!("{}; write it as {expected}", problem.as_deref().unwrap_or_default())
    })
}

/// PostgreSQL takes the host, or the directory of a socket, also as a parameter.
fn names_host(url: &Url) -> bool {
    url.host_str().is_some_and(|host| !host.is_empty()) || url.query_pairs().any(|(name, _)| name == "host")
}

fn limits(settings: &Settings) -> Result<(), RangeError> {
    let (default, ceiling) = (&settings.limits.default, &settings.limits.ceiling);
    let pairs = [
        ("cpu_ms", default.cpu_ms, ceiling.cpu_ms),
        ("wall_ms", default.wall_ms, ceiling.wall_ms),
        ("memory_bytes", default.memory_bytes, ceiling.memory_bytes),
        ("output_bytes", default.output_bytes, ceiling.output_bytes),
        ("processes", default.processes, ceiling.processes),
    ];
    for (name, value, most) in pairs {
        require(most >= 1, &format!("limits.ceiling.{name}"), || {
            "it is 0, so no program could run".to_owned()
        })?;
        require((1..=most).contains(&value), &format!("limits.default.{name}"), || {
            format!("{value} is not between 1 and limits.ceiling.{name} = {most}")
        })?;
    }
    let factor = settings.limits.wall_factor;
    require(factor.is_finite() && factor >= 1.0, "limits.wall_factor", || {
        format!("it is {factor}, and must be at least 1")
    })
}

/// More would let a program go on long after its limit.
const MOST_NEAR_LIMIT: f64 = 1.0;

fn near_limit(settings: &Settings) -> Result<(), RangeError> {
    let part = settings.judge.near_limit;
    require((0.0..=MOST_NEAR_LIMIT).contains(&part), "judge.near_limit", || {
        format!("it is {part}, and must be a part of the limit, from 0 to {MOST_NEAR_LIMIT}")
    })
}

fn check_language(name: &str, language: &LanguageSettings) -> Result<(), RangeError> {
    let key = |part: &str| format!("languages.{name}.{part}");
    require(!language.run.is_empty(), &key("run"), || {
        "it names no program".to_owned()
    })?;
    let factor = language.time_multiplier;
    require(factor.is_finite() && factor > 0.0, &key("time_multiplier"), || {
        format!("{factor} is not a positive number")
    })?;
    let texts = [
        ("environment", &language.environment),
        ("extension", &language.extension),
        ("entry_point", &language.entry_point),
    ];
    for (part, text) in texts {
        require(!text.trim().is_empty(), &key(part), || "it is empty".to_owned())?;
    }
    for (part, words) in [("compile", &language.compile), ("run", &language.run)] {
        let unknown = words.iter().find(|word| is_unknown_placeholder(word));
        require(unknown.is_none(), &key(part), || {
            let unknown = unknown.map_or("", String::as_str);
            format!(
                "{unknown} stands for nothing; it may hold {}",
                PLACEHOLDERS.join(" and ")
            )
        })?;
    }
    Ok(())
}

/// A word that is a name in braces, as only placeholders are; braces inside of other words are the command's own.
fn is_unknown_placeholder(word: &str) -> bool {
    let name = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
    name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphabetic() || c == '_')) && !PLACEHOLDERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::shape::Shape;

    #[test]
    fn every_checked_setting_exists() {
        let shape = Shape::of_defaults().unwrap();
        for key in AT_LEAST.iter().map(|(key, _least)| *key).chain(NOT_EMPTY) {
            assert!(shape.default_of(key).is_some(), "{key}");
        }
    }

    #[test]
    fn braces_of_a_command_s_own_are_left_alone() {
        for word in ["{source}", "{}", "{Entry}"] {
            assert!(is_unknown_placeholder(word), "{word}");
        }
        for word in ["{sources}", "{entry}", "BEGIN{print}", "-I{}x", "{1..3}"] {
            assert!(!is_unknown_placeholder(word), "{word}");
        }
    }
}
