//! The ways to the worker: ports of virtio-serial, or sockets of the machine where it has those.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;

use socket2::{Domain, SockAddr, Socket, Type};

use crate::devices::has_sockets;
use crate::error::{Doing as _, GuestError};
use crate::waiting::wait_until;

/// Where the kernel lists ports of virtio-serial.
const PORTS: &str = "/sys/class/virtio-ports";

/// What the host is called among machines (`vsock(7)`).
const HOST: u32 = 2;

/// Which of them a machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ways {
    Serial,
    Sockets,
}

impl Ways {
    pub(crate) fn find() -> Self {
        if has_sockets() { Self::Sockets } else { Self::Serial }
    }

    /// Opens the way to a port.
    pub(crate) fn open(self, port: u32) -> Result<OwnedFd, GuestError> {
        match self {
            Self::Serial => open_serial(port),
            Self::Sockets => connect(port),
        }
    }

    /// A machine that is made of a template has lost its connections; serial ports stay open.
    pub(crate) fn can_be_lost(self) -> bool {
        self == Self::Sockets
    }
}

/// The worker may listen a while after the machine is there.
fn connect(port: u32) -> Result<OwnedFd, GuestError> {
    let connected = wait_until(|| connect_once(port).ok());
    connected.doing(|| format!("connect to port {port} of the host"))
}

fn connect_once(port: u32) -> io::Result<OwnedFd> {
    let socket = Socket::new(Domain::VSOCK, Type::STREAM, None)?;
    socket.connect(&SockAddr::vsock(HOST, port))?;
    Ok(socket.into())
}

/// A port can be open once. Its number is part of the name of its device, behind that of the controller.
fn open_serial(port: u32) -> Result<OwnedFd, GuestError> {
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
