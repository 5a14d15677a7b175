//! Texts that must say something, and names of queues, exchanges and images.

use config::Config;

use crate::config::range_error::{RangeError, require};
use crate::config::{BrokerSettings, DockerSettings, Settings};

/// Texts that must say something.
const NOT_EMPTY: [&str; 5] = [
    "worker.id",
    "problems.directory",
    "validators.environment",
    "validators.toolchain",
    "validators.pytest",
];

/// Queues that may be left out, with an empty name.
const MAY_BE_EMPTY: [&str; 2] = ["broker.rejected_queue", "broker.verdict_queue"];

/// What AMQP 0-9-1 takes as the name of a queue or an exchange, in bytes.
const LONGEST: usize = 255;

/// Begins the names that RabbitMQ keeps for itself.
const RESERVED: &str = "amq.";

pub(super) fn check(settings: &Settings, merged: &Config) -> Result<(), RangeError> {
    for key in NOT_EMPTY {
        let given = if key == "worker.id" {
            Ok(settings.worker.id.clone())
        } else {
            merged.get_string(key)
        };
        given.map_or(Ok(()), |text| not_empty(&text, key))?;
    }
    let id = &settings.worker.id;
    require(is_printable(id), "worker.id", || {
        format!("{id:?} holds control characters, which nothing shows or stores; write it without")
    })?;
    broker(&settings.broker)?;
    docker(&settings.sandbox.docker)
}

fn broker(broker: &BrokerSettings) -> Result<(), RangeError> {
    distinct(&[
        ("broker.queue", &broker.queue),
        ("broker.bulk_queue", &broker.bulk_queue),
        ("broker.later_queue", &broker.later_queue),
        ("broker.dead_letter_queue", &broker.dead_letter_queue),
        ("broker.rejected_queue", &broker.rejected_queue),
        ("broker.cancel_queue", &broker.cancel_queue),
        ("broker.verdict_queue", &broker.verdict_queue),
    ])?;
    distinct(&[
        ("broker.exchange", &broker.exchange),
        ("broker.later_exchange", &broker.later_exchange),
        ("broker.dead_letter_exchange", &broker.dead_letter_exchange),
        ("broker.verdict_exchange", &broker.verdict_exchange),
        ("broker.control_exchange", &broker.control_exchange),
    ])
}

/// They are declared in different ways, which RabbitMQ refuses for one of the same name.
fn distinct(names: &[(&str, &String)]) -> Result<(), RangeError> {
    for (position, (key, name)) in names.iter().enumerate() {
        if name.is_empty() && MAY_BE_EMPTY.contains(key) {
            continue;
        }
        not_empty(name, key)?;
        require(is_name(name), key, || {
            format!("{name:?} is no name that RabbitMQ takes: at most {LONGEST} bytes, not beginning with {RESERVED}")
        })?;
        let same = names[..position].iter().find(|(_key, other)| other == name);
        require(same.is_none(), key, || {
            let other = same.map_or("", |(key, _name)| key);
            format!("it is {name:?} as {other} is, and each has a name of its own")
        })?;
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST && is_printable(name) && !name.starts_with(RESERVED)
}

fn docker(docker: &DockerSettings) -> Result<(), RangeError> {
    let runtime = &docker.runtime;
    require(is_word(runtime), "sandbox.docker.runtime", || {
        format!("{runtime:?} is no name of a runtime; write it as runc, or \"\" for the daemon's default")
    })?;
    require(
        docker.streams_directory.is_absolute(),
        "sandbox.docker.streams_directory",
        || format!("{:?} is no absolute path", docker.streams_directory),
    )?;
    docker.images.iter().try_for_each(|(name, image)| {
        let key = format!("sandbox.docker.images.{name}");
        require(!image.is_empty() && is_word(image), &key, || {
            format!("{image:?} is no image; write it as assize/python3:latest")
        })
    })
}

pub(super) fn not_empty(text: &str, key: &str) -> Result<(), RangeError> {
    require(!text.trim().is_empty(), key, || "it is empty".to_owned())
}

fn is_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || c.is_whitespace())
}

fn is_printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::shape::Shape;

    #[test]
    fn every_checked_setting_exists() {
        let shape = Shape::of_defaults().unwrap();
        for key in NOT_EMPTY {
            assert!(shape.default_of(key).is_some(), "{key}");
        }
    }
}
