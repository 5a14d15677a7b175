//! Signals of the zygote: it ignores all of them, and its forks have the dispositions that Python has set.
//!
//! Blocking them would be simpler, but a blocked signal stays pending, which later programs can see in
//! `proc_pid_status(5)`, and a real-time signal keeps its value. An ignored one leaves nothing behind. The C library
//! keeps signals 32 and 33 for itself and refuses to change them, so the kernel is asked directly.

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_ulong};
use std::ptr::null_mut;

use libc::{SIGCHLD, SIGKILL, SIGSTOP, SYS_rt_sigaction, SYS_rt_sigprocmask};

/// The highest signal (`_NSIG` of the kernel).
const LAST: c_int = 64;

/// What the kernel calls `struct sigaction`, on every architecture with a restorer; others use less of it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Action {
    handler: usize,
    flags: c_ulong,
    restorer: usize,
    mask: u64,
}

/// Size of a set of signals, as the kernel wants it said.
const MASK_BYTES: usize = size_of::<u64>();

struct Saved(UnsafeCell<[Action; LAST as usize + 1]>);

// SAFETY: the zygote and its forks have one thread where they use it.
unsafe impl Sync for Saved {}

const IGNORE: Action = Action {
    handler: libc::SIG_IGN,
    flags: 0,
    restorer: 0,
    mask: 0,
};

static SAVED: Saved = Saved(UnsafeCell::new([IGNORE; LAST as usize + 1]));

/// Ignores every signal, and remembers what was done with it. None is blocked afterwards.
pub(crate) fn ignore_all() {
    let ignore = IGNORE;
    for signal in changeable() {
        // SAFETY: both pointers are to whole structures of the kernel's layout, and an ignored signal runs no code.
        unsafe { libc::syscall(SYS_rt_sigaction, signal, &raw const ignore, saved(signal), MASK_BYTES) };
    }
    let none: u64 = 0;
    // SAFETY: the set is live and of the size that is given.
    unsafe {
        libc::syscall(
            SYS_rt_sigprocmask,
            libc::SIG_SETMASK,
            &raw const none,
            null_mut::<u64>(),
            MASK_BYTES,
        )
    };
}

/// In a fork: does with every signal what the interpreter has set.
pub(crate) fn restore_all() {
    for signal in changeable() {
        // SAFETY: as in `ignore_all`; the handlers are those that the kernel had for this same program.
        unsafe {
            libc::syscall(
                SYS_rt_sigaction,
                signal,
                saved(signal),
                null_mut::<Action>(),
                MASK_BYTES,
            )
        };
    }
}

/// Not `SIGCHLD`, which is dropped by default: the zygote waits for the process in the middle of a fork.
fn changeable() -> impl Iterator<Item = c_int> {
    (1..=LAST).filter(|signal| ![SIGKILL, SIGSTOP, SIGCHLD].contains(signal))
}

fn saved(signal: c_int) -> *mut Action {
    let index = usize::try_from(signal).unwrap_or(0);
    // SAFETY: signals are at most LAST, so this stays within the array.
    unsafe { SAVED.0.get().cast::<Action>().add(index) }
}
