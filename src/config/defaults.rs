//! The defaults are a commented file, so that what is documented is what holds.

/// Every setting with its default value, as TOML.
pub const DEFAULTS: &str = include_str!("defaults.toml");
