//! What runs machines: a program, and how it is told so.

use std::fmt::Debug;
use std::io;

use futures::future::BoxFuture;

use super::machine::{Host, Machine};
use super::state::MachineDirectory;
use super::template::Template;
use crate::sandbox::BackendError;

/// A program that runs machines.
pub(super) trait Driver: Debug + Send + Sync {
    /// The program with its version and what it runs machines with, such as `qemu 10.0.2 kvm`.
    ///
    /// # Errors
    /// With what is missing.
    fn runtime(&self) -> BoxFuture<'_, Result<String, BackendError>>;

    /// Starts a machine, and waits until its guest is up.
    ///
    /// # Errors
    /// With what the machine says, where it ends.
    fn boot<'a>(&'a self, host: &'a Host<'a>, directory: MachineDirectory) -> BoxFuture<'a, io::Result<Machine>>;

    /// Starts one, and keeps it as a template once its guest is up.
    ///
    /// # Errors
    /// As for [`Driver::boot`].
    fn keep<'a>(&'a self, host: &'a Host<'a>, directory: MachineDirectory) -> BoxFuture<'a, io::Result<Template>>;

    /// Makes one of a template that it has kept.
    ///
    /// # Errors
    /// As for [`Driver::boot`].
    fn restore<'a>(
        &'a self,
        host: &'a Host<'a>,
        template: &'a Template,
        directory: MachineDirectory,
    ) -> BoxFuture<'a, io::Result<Machine>>;
}
