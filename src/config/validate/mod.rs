//! Values that have the right type and make no sense: zero where nothing would work, empty names, URLs that are none.

mod languages;
mod names;
mod ranges;
mod serve;
mod types;
mod urls;

use config::Config;

use crate::config::range_error::{RangeError, require};
use crate::config::shape::Shape;
use crate::config::{HttpSettings, Settings, StoreSettings, references};

/// Checks the settings, of which `merged` are those that were given.
pub(super) fn validate(settings: &Settings, merged: &Config, shape: &Shape) -> Result<(), RangeError> {
    types::check(&merged.cache, shape)?;
    ranges::check(settings, merged)?;
    names::check(settings, merged)?;
    urls::check(settings, merged)?;
    references::check(settings)?;
    languages::check(settings)?;
    retention(&settings.store)?;
    serve::check(&settings.serve)?;
    http("http.listen", &settings.http)?;
    http("serve.monitoring.listen", &settings.serve.monitoring)
}

/// A day, in seconds.
const LEAST_KEPT_S: u64 = 24 * 60 * 60;

/// What is removed sooner may be of messages that wait in a queue still.
fn retention(store: &StoreSettings) -> Result<(), RangeError> {
    let retentions = [
        ("store.keep_submissions_s", store.keep_submissions_s),
        ("store.keep_security_events_s", store.keep_security_events_s),
        ("store.keep_test_sets_s", store.keep_test_sets_s),
    ];
    for (key, seconds) in retentions {
        require(seconds == 0 || seconds >= LEAST_KEPT_S, key, || {
            format!("{seconds} is less than a day; write 0 for ever, or at least {LEAST_KEPT_S}")
        })?;
    }
    Ok(())
}

fn http(key: &str, http: &HttpSettings) -> Result<(), RangeError> {
    let listen = &http.listen;
    require(listen.is_empty() || http.address().is_some(), key, || {
        format!("{listen:?} is no address; write it as \"127.0.0.1:8750\", or \"\" for none")
    })
}
