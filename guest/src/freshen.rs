//! What a guest must not have in common with others that were restored from the same template: its clock, and the state
//! of the kernel's random numbers, of which everything random in it comes.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;

use assize_guest_protocol::StartOrder;
use rustix::time::{ClockId, Timespec, clock_settime};

use crate::error::{Doing as _, GuestError};

const NS_PER_S: u64 = 1_000_000_000;

/// `RNDADDENTROPY` and `RNDRESEEDCRNG` of `linux/random.h` (`random(4)`).
const ADD_ENTROPY: libc::Ioctl = 0x4008_5203;
const RESEED: libc::Ioctl = 0x5207;

/// `SEED_BYTES` of the protocol, as the kernel counts it.
const LENGTH: u32 = 64;

/// `struct rand_pool_info`. Its two numbers are not negative.
#[repr(C)]
struct Entropy {
    bits: u32,
    bytes: u32,
    seed: [u8; LENGTH as usize],
}

/// Sets the clock, and begins the random numbers anew.
pub(crate) fn freshen(order: &StartOrder) -> Result<(), GuestError> {
    let now = Timespec {
        tv_sec: i64::try_from(order.now_ns / NS_PER_S).unwrap_or(i64::MAX),
        tv_nsec: i64::try_from(order.now_ns % NS_PER_S).unwrap_or(0),
    };
    clock_settime(ClockId::Realtime, now).doing(|| "set its clock".to_owned())?;
    reseed(&order.seed).doing(|| "reseed its random numbers".to_owned())
}

fn reseed(seed: &[u8]) -> io::Result<()> {
    let seed = seed
        .try_into()
        .map_err(|_error| io::Error::other("the seed is of another length"))?;
    let device = File::open("/dev/urandom")?;
    let entropy = Entropy {
        bits: u8::BITS * LENGTH,
        bytes: LENGTH,
        seed,
    };
    // SAFETY: the descriptor is open, and the kernel reads a structure of the layout that it expects, which is live.
    check(unsafe { libc::ioctl(device.as_raw_fd(), ADD_ENTROPY, &raw const entropy) })?;
    // SAFETY: the descriptor is open; this call has no argument.
    check(unsafe { libc::ioctl(device.as_raw_fd(), RESEED) })
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
