//! What the runner and all programs may not do.

use std::io;

use assize_guest_protocol::StartOrder;
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::{
    CapabilitySet, CapabilitySets, Gid, Uid, clear_ambient_capability_set, remove_capability_from_bounding_set,
    set_capabilities, set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

use crate::error::{Doing as _, GuestError};

/// The user and the group of everything in a box.
const JUDGED: u32 = 10001;

/// `RLIMIT_MEMLOCK`, in bytes.
const LOCKED_BYTES: u64 = 64 << 10;

/// Bytes of an instruction of a filter.
const INSTRUCTION: usize = size_of::<libc::sock_filter>();

/// Makes the control group that this process is in the topmost that it sees.
pub(crate) fn own_group_namespace() -> Result<(), GuestError> {
    // SAFETY: changes what this process sees, and touches no memory.
    let parted = unsafe { libc::unshare(libc::CLONE_NEWCGROUP) };
    (if parted == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    })
    .doing(|| "make a namespace of control groups".to_owned())
}

/// Sets the limits that every process inherits.
pub(crate) fn limit(order: &StartOrder) -> Result<(), GuestError> {
    for (resource, most) in [
        (Resource::Core, Some(0)),
        (Resource::Fsize, Some(order.file_bytes)),
        (Resource::Nofile, Some(order.open_files)),
        (Resource::Memlock, Some(LOCKED_BYTES)),
        (Resource::Msgqueue, Some(0)),
        // The runner sets it for each program; what is used of it counts as memory.
        (Resource::Stack, None),
    ] {
        let limit = Rlimit {
            current: most,
            maximum: most,
        };
        setrlimit(resource, limit).doing(|| format!("set the limit {resource:?}"))?;
    }
    Ok(())
}

/// Becomes a user without any right, and without a way to one.
pub(crate) fn drop_all() -> Result<(), GuestError> {
    drop_capabilities().doing(|| "give up its rights".to_owned())
}

fn drop_capabilities() -> rustix::io::Result<()> {
    // Those that the kernel does not know are refused, and no process can have them.
    for capability in CapabilitySet::all() {
        let _known = remove_capability_from_bounding_set(capability);
    }
    clear_ambient_capability_set()?;
    set_thread_groups(&[])?;
    let (user, group) = (Uid::from_raw(JUDGED), Gid::from_raw(JUDGED));
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)?;
    let none = CapabilitySet::empty();
    set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )?;
    set_no_new_privs(true)
}

/// Installs filters of system calls, in this order.
pub(crate) fn filter(filters: &[Vec<u8>]) -> Result<(), GuestError> {
    let installed = filters.iter().try_for_each(|filter| install(filter));
    installed.doing(|| "install a filter of system calls".to_owned())
}

fn install(filter: &[u8]) -> io::Result<()> {
    let (instructions, rest) = filter.as_chunks::<INSTRUCTION>();
    if !rest.is_empty() {
        return Err(io::Error::other("it ends within an instruction"));
    }
    let mut instructions: Vec<libc::sock_filter> = instructions
        .iter()
        .map(|&[a, b, jt, jf, k @ ..]| libc::sock_filter {
            code: u16::from_ne_bytes([a, b]),
            jt,
            jf,
            k: u32::from_ne_bytes(k),
        })
        .collect();
    let program = libc::sock_fprog {
        len: u16::try_from(instructions.len()).map_err(io::Error::other)?,
        filter: instructions.as_mut_ptr(),
    };
    // SAFETY: the kernel reads a program of as many instructions as it says, which are live.
    let installed = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) };
    if installed == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
