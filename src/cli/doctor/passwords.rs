//! Passwords that are published: everybody who has read the defaults or the examples knows them.

use url::{Host, Url, form_urlencoded};

use crate::config::{BrokerSettings, StoreSettings, each_host};
use crate::sandbox::Check;

const NAME: &str = "passwords";

/// Those of the default settings, of `deploy/`, of the documents and of the services themselves.
const PUBLISHED: [&str; 8] = [
    "guest",
    "assize",
    "change-me",
    "password",
    "PASSWORD",
    "postgres",
    "rabbitmq",
    "secret",
];

const REMEDY: &str = "give the user another one, and write the URL into a file of mode 0600 that the setting's variable \
                      with _FILE names";

/// Holds the passwords of RabbitMQ and PostgreSQL against those that are published.
pub(super) fn check(broker: &BrokerSettings, store: &StoreSettings) -> Check {
    let nodes = broker.nodes().iter().map(|url| ("broker", url.clone()));
    let hosts = each_host(&store.url).into_iter().map(|url| ("store", url));
    let urls = nodes.chain(hosts.filter(|_| store.enabled));
    let weak: Vec<Weak> = urls.filter_map(|(section, url)| weak(section, &url)).collect();
    if weak.is_empty() {
        return Check::ok(NAME, "those of RabbitMQ and PostgreSQL are none that is published");
    }
    let named: Vec<&str> = weak.iter().map(|weak| weak.text.as_str()).collect();
    let found = named.join("; ");
    // Only who is on this host already can use it there.
    if weak.iter().all(|weak| weak.is_here) {
        return Check::warn(NAME, found, REMEDY);
    }
    Check::fail(NAME, found, REMEDY)
}

/// A password that is published.
struct Weak {
    text: String,
    /// Its service is on this host.
    is_here: bool,
}

fn weak(section: &str, text: &str) -> Option<Weak> {
    let url = Url::parse(text).ok()?;
    let password = decoded(url.password()?);
    let is_weak = password == decoded(url.username()) || PUBLISHED.contains(&&*password);
    let place = url.host_str().unwrap_or("this host").to_owned();
    is_weak.then(|| Weak {
        text: format!("that of {section}.url for {place} is published, or the user's own name"),
        is_here: is_here(&url),
    })
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // A scheme that no browser knows has names only.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name
                    .parse::<std::net::Ipv4Addr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        // A socket of this host.
        None => true,
    }
}

fn decoded(text: &str) -> String {
    // Two signs that stand for themselves in a URL's user and password, and for something else in a form.
    let form = text.replace('+', "%2B").replace('&', "%26");
    let first = form_urlencoded::parse(form.as_bytes()).next();
    first.map(|(name, _value)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, DEFAULTS};
    use crate::sandbox::CheckState;

    fn state(broker: &[&str], store: &str, enabled: bool) -> CheckState {
        let mut settings = config::load(None).unwrap();
        settings.broker.urls = broker.iter().map(|url| (*url).to_owned()).collect();
        settings.store.url = store.to_owned();
        settings.store.enabled = enabled;
        check(&settings.broker, &settings.store).state
    }

    #[test]
    fn a_password_that_is_published_is_told_and_beyond_this_host_it_fails() {
        let (own, other) = ("amqps://worker:8fC2x@rabbit/%2f", "postgres://assize:8fC2x@db/assize");
        let cases: [(&[&str], &str, bool, CheckState); 12] = [
            (&[own], other, true, CheckState::Ok),
            (
                &["amqp://guest:guest@127.0.0.1:5672/%2f"],
                other,
                true,
                CheckState::Warn,
            ),
            (&["amqp://guest:guest@[::1]:5672/%2f"], other, true, CheckState::Warn),
            (&["amqp://guest:guest@rabbit:5672/%2f"], other, true, CheckState::Fail),
            (
                &[own, "amqp://assize:change%2Dme@rabbit/%2f"],
                other,
                true,
                CheckState::Fail,
            ),
            (
                &[own],
                "postgres://assize:assize@localhost/assize",
                true,
                CheckState::Warn,
            ),
            (&[own], "postgres://assize:assize@db/assize", true, CheckState::Fail),
            (
                &[own],
                "postgres://assize:8fC2x@one,two:5433/assize",
                true,
                CheckState::Ok,
            ),
            (
                &[own],
                "postgres://judge:judge@one,two:5433/assize",
                true,
                CheckState::Fail,
            ),
            (&[own], "postgres://assize:@db/assize", true, CheckState::Ok),
            (&[own], "postgres:///assize?host=/run/postgresql", true, CheckState::Ok),
            (&[own], "postgres://assize:assize@db/assize", false, CheckState::Ok),
        ];
        for (broker, store, enabled, expected) in cases {
            assert_eq!(state(broker, store, enabled), expected, "{broker:?} {store}");
        }
    }

    /// What the files of the tree give to everybody who reads them.
    #[test]
    fn every_password_in_the_defaults_and_examples_is_known() {
        let defaults: toml::Table = DEFAULTS.parse().unwrap();
        let url = |section: &str| defaults[section]["url"].as_str().unwrap().to_owned();
        let mut published: Vec<String> = [url("broker"), url("store")]
            .iter()
            .map(|url| Url::parse(url).unwrap().password().unwrap().to_owned())
            .collect();
        let cluster = std::fs::read_to_string("deploy/cluster/example.env").unwrap();
        let lines = cluster.lines().filter(|line| !line.starts_with('#'));
        let assigned = lines.filter_map(|line| line.split_once("_PASSWORD=").map(|(_name, value)| value.to_owned()));
        published.extend(assigned);
        assert!(published.len() >= 4, "{published:?}");
        for password in published {
            assert!(PUBLISHED.contains(&password.as_str()), "{password}");
        }
    }
}
