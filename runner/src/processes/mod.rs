//! Processes of programs: how they begin, what they may call, how they end, and what is left of them.

pub(crate) mod audit;
pub(crate) mod children;
pub(crate) mod filter;
pub(crate) mod kill;
pub(crate) mod reap;
pub(crate) mod sockets;
pub(crate) mod spawn;
pub(crate) mod zygote;
