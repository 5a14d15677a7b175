//! From a submission's runs to its verdict.

pub mod checker;
