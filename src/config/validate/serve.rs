//! Words of the HTTP service's settings that stand for something.

use ipnet::IpNet;
use strum::VariantArray as _;

use crate::config::range_error::{RangeError, require};
use crate::config::{Dialect, ServeSettings};

pub(super) fn check(serve: &ServeSettings) -> Result<(), RangeError> {
    for word in &serve.dialects {
        require(word.parse::<Dialect>().is_ok(), "serve.dialects", || {
            let known: Vec<&str> = Dialect::VARIANTS.iter().map(|dialect| dialect.name()).collect();
            format!("{word:?} is not spoken here; the dialects are {}", known.join(", "))
        })?;
    }
    for network in &serve.callback_networks {
        require(network.parse::<IpNet>().is_ok(), "serve.callback_networks", || {
            format!("{network:?} is no network; write it as \"10.0.0.0/8\" or \"fd00::/8\"")
        })?;
    }
    Ok(())
}
