//! URLs. A wrong one would be tried for ever: no service answers at a place that does not exist.

use config::{Config, ValueKind};
use url::Url;

use crate::config::range_error::{RangeError, require};
use crate::config::{BrokerSettings, Settings, StoreSettings, each_host};

/// What a URL of a setting is like.
struct Expected {
    key: &'static str,
    schemes: &'static [&'static str],
    /// Whether it may name no host, given its scheme and its query.
    hostless: fn(&Url) -> bool,
    example: &'static str,
}

const BROKER: Expected = Expected {
    key: "broker.url",
    schemes: &["amqp", "amqps"],
    hostless: |_url| false,
    example: "amqp://user:password@host:5672/vhost",
};

const NODES: Expected = Expected {
    key: "broker.urls",
    ..BROKER
};

const STORE: Expected = Expected {
    key: "store.url",
    schemes: &["postgres", "postgresql"],
    // The socket of a server on this host stands in the query.
    hostless: |url| url.query_pairs().any(|(name, host)| name == "host" && !host.is_empty()),
    example: "postgres://user:password@host:5432/database",
};

const PROBLEMS: Expected = Expected {
    key: "problems.url",
    schemes: &["http", "https", "file"],
    hostless: |url| url.scheme() == "file",
    example: "https://host/path or file:///path",
};

/// Values of `sslmode` with which a server's certificate is checked.
const CHECKS: [&str; 2] = ["verify-full", "verify-ca"];

/// What a connection to PostgreSQL is asked to be that stores something.
const WRITES: [&str; 2] = ["read-write", "primary"];

/// Parameters of a connection to PostgreSQL that may name hosts, and would be taken for one.
const ONE_HOST: [&str; 2] = ["host", "hostaddr"];

pub(super) fn check(settings: &Settings, merged: &Config) -> Result<(), RangeError> {
    broker(&settings.broker, merged)?;
    if settings.store.enabled {
        store(&settings.store.url)?;
        store_authority(&settings.store)?;
    }
    if settings.problems.url.is_empty() {
        return Ok(());
    }
    PROBLEMS.check(&settings.problems.url)
}

fn broker(broker: &BrokerSettings, merged: &Config) -> Result<(), RangeError> {
    BROKER.check(&broker.url)?;
    for (position, url) in broker.urls.iter().enumerate() {
        NODES.check(url).map_err(|error| RangeError {
            expected: format!("number {} of them: {}", position + 1, error.expected),
            ..error
        })?;
    }
    let is_plain = |url: &String| !url.starts_with("amqps:");
    let plain = broker.nodes().iter().any(is_plain) && !broker.ca_file.as_os_str().is_empty();
    require(!plain, "broker.ca_file", || {
        format!(
            "it is for TLS, which {} does not ask for; write it as amqps://user:password@host:5671/vhost",
            BROKER.key
        )
    })?;
    let given = origin_of_url(merged);
    require(broker.urls.is_empty() || given.is_none(), NODES.key, || {
        let place = given.unwrap_or_default();
        format!("{} is given, too (from {place}); keep one of them", BROKER.key)
    })
}

/// Where `broker.url` is given; `None`: only the defaults give it.
fn origin_of_url(merged: &Config) -> Option<&str> {
    let found = BROKER
        .key
        .split('.')
        .try_fold(&merged.cache, |value, name| match &value.kind {
            ValueKind::Table(table) => table.get(name),
            _ => None,
        });
    found?.origin()
}

fn store(text: &str) -> Result<(), RangeError> {
    let urls = each_host(text);
    urls.iter().try_for_each(|url| STORE.check(url))?;
    let parameters = urls.first().and_then(|url| Url::parse(url).ok());
    for (name, value) in parameters.iter().flat_map(Url::query_pairs) {
        require(
            name != "target_session_attrs" || WRITES.contains(&&*value),
            STORE.key,
            || {
                format!(
                    "target_session_attrs is {value:?}, and verdicts are written; write it as {}",
                    WRITES.join(" or ")
                )
            },
        )?;
        require(!ONE_HOST.contains(&&*name) || !value.contains(','), STORE.key, || {
            format!("{name}= takes one host; write several as postgres://user:password@one:5432,other:5432/database")
        })?;
    }
    Ok(())
}

/// A client of PostgreSQL that is told an authority and not to check anything looks as if it did.
fn store_authority(store: &StoreSettings) -> Result<(), RangeError> {
    let url = each_host(&store.url).first().and_then(|url| Url::parse(url).ok());
    let value = |names: &[&str]| {
        let mut pairs = url.iter().flat_map(Url::query_pairs);
        pairs
            .find(|(name, _value)| names.contains(&&**name))
            .map(|(_name, value)| value.into_owned())
    };
    let (mode, in_url) = (
        value(&["sslmode", "ssl-mode"]),
        value(&["sslrootcert", "ssl-root-cert", "ssl-ca"]),
    );
    let is_set = !store.ca_file.as_os_str().is_empty();
    require(!is_set || in_url.is_none(), "store.ca_file", || {
        format!("{} names an authority, too (sslrootcert); keep one of them", STORE.key)
    })?;
    let is_checked = match &mode {
        Some(mode) => CHECKS.contains(&mode.as_str()),
        // With the setting that is the default.
        None => is_set,
    };
    let key = if is_set { "store.ca_file" } else { STORE.key };
    require(is_checked || !is_set && in_url.is_none(), key, || {
        format!(
            "it names an authority, and certificates are not checked; write sslmode=verify-full into {}",
            STORE.key
        )
    })
}

/// A parser of URLs mends what browsers meet: it makes `file:///problems` of `file:problems`, and a host of the first name
/// in `https:problems`. What was meant was a relative path.
fn problem_of_text(text: &str, url: &Url) -> Option<String> {
    let behind = text.trim().get(url.scheme().len()..).unwrap_or_default();
    if !behind.starts_with("://") {
        return Some(format!(
            "there is no // behind {}:, and a path must not be relative",
            url.scheme()
        ));
    }
    let host = url.host_str().filter(|_| url.scheme() == "file")?;
    Some(format!("{host:?} is taken for the name of a host"))
}

impl Expected {
    fn check(&self, text: &str) -> Result<(), RangeError> {
        let problem = match Url::parse(text) {
            Err(error) => Some(error.to_string()),
            Ok(url) => self.problem_of(&url).or_else(|| problem_of_text(text, &url)),
        };
        // The text itself may hold a password.
        require(problem.is_none(), self.key, || {
            format!(
                "{}; write it as {}",
                problem.as_deref().unwrap_or_default(),
                self.example
            )
        })
    }

    fn problem_of(&self, url: &Url) -> Option<String> {
        let host = url.host_str().unwrap_or_default();
        if !self.schemes.contains(&url.scheme()) {
            return Some(format!("{:?} is no scheme for it", url.scheme()));
        }
        if url.cannot_be_a_base() || host.is_empty() && !(self.hostless)(url) {
            return Some("it names no host".to_owned());
        }
        if url.port() == Some(0) {
            return Some("nothing listens at port 0".to_owned());
        }
        let heartbeat = url.query_pairs().find(|(name, _value)| name == "heartbeat");
        let is_wrong =
            self.schemes == BROKER.schemes && heartbeat.is_some_and(|(_name, value)| value.parse::<u16>().is_err());
        is_wrong.then(|| "its heartbeat is no number of seconds up to 65535".to_owned())
    }
}
