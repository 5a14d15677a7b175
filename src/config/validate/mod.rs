//! Values that have the right type and make no sense: zero where nothing would work, empty names, URLs that are none.

mod languages;
mod names;
mod ranges;
mod types;
mod urls;

use config::Config;

use crate::config::range_error::{RangeError, require};
use crate::config::shape::Shape;
use crate::config::{HttpSettings, Settings, references};

/// Checks the settings, of which `merged` are those that were given.
pub(super) fn validate(settings: &Settings, merged: &Config, shape: &Shape) -> Result<(), RangeError> {
    types::check(&merged.cache, shape)?;
    ranges::check(settings, merged)?;
    names::check(settings, merged)?;
    urls::check(settings)?;
    references::check(settings)?;
    languages::check(settings)?;
    http(&settings.http)
}

fn http(http: &HttpSettings) -> Result<(), RangeError> {
    let listen = &http.listen;
    require(listen.is_empty() || http.address().is_some(), "http.listen", || {
        format!("{listen:?} is no address; write it as \"127.0.0.1:8750\", or \"\" for none")
    })
}
