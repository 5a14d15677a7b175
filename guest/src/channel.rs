//! The ways to the worker: ports of virtio-serial.

use std::fs::{self, OpenOptions};
use std::os::fd::OwnedFd;

use crate::error::{Doing as _, GuestError};
use crate::waiting::wait_until;

/// Where the kernel lists ports of virtio-serial.
const PORTS: &str = "/sys/class/virtio-ports";

/// Opens a port; it can be open once. Its number is part of the name of its device, behind that of the controller.
pub(crate) fn open(port: u32) -> Result<OwnedFd, GuestError> {
    let device = wait_until(|| {
        let entries = fs::read_dir(PORTS).ok()?;
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.find(|name| number_of(name) == Some(port))
    });
    let device = device.doing(|| format!("find port {port} of virtio-serial"))?;
    let opened = OpenOptions::new().read(true).write(true).open(format!("/dev/{device}"));
    Ok(opened.doing(|| format!("open {device}"))?.into())
}

/// Of `vport1p2` it is 2.
fn number_of(device: &str) -> Option<u32> {
    let (_controller, number) = device.strip_prefix("vport")?.split_once('p')?;
    number.parse().ok()
}
