//! Inputs of tests in memory of this worker, which programs read without a copy of their own.
//!
//! ```text
//! InputCache::lend -> InputLoan -> Session::run -> [the program has ended] -> InputCache
//!                                             `-> [the box is lost]       -> closed
//! ```
//!
//! Each input is a sealed file in memory (`memfd_create(2)`) that belongs to this worker's user. It is lent to one run at a
//! time, so that no two boxes ever have the same file: locks, watches and times of access tell nothing of a program that
//! runs beside another one. A second run meanwhile gets a file of its own, as far as the bound of the cache allows.

mod cache;
mod content;
mod loan;
mod sealed;
mod shared;

pub use cache::InputCache;
pub(in crate::sandbox) use loan::InputLoan;
