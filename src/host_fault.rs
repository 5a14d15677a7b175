//! Errors behind which is a host that lacks something: disk, descriptors, memory. Neither the submission nor the problem
//! is to blame, and another host may have it.

use std::error::Error;
use std::io;

use rustix::io::Errno;

/// What to do about the host, if it is to blame for this error or for one behind it.
pub(crate) fn host_fault(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(advice) = error.downcast_ref::<io::Error>().and_then(advice) {
            return Some(advice);
        }
        next = source_of(error);
    }
    None
}

/// An `io::Error` that was made of another error hides that one from [`Error::source`].
fn source_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match wrapped {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn advice(error: &io::Error) -> Option<&'static str> {
    Some(match Errno::from_io_error(error)? {
        Errno::NOSPC | Errno::DQUOT => "make room there, or name another place in the settings",
        Errno::ROFS => "mount it so that it can be written, or name another place in the settings",
        Errno::MFILE => "raise the worker's limit of open files (`ulimit -n`, LimitNOFILE, nofile)",
        Errno::NFILE => "raise the host's limit of open files (sysctl fs.file-max)",
        Errno::NOMEM => "give the worker more memory, or fewer slots",
        Errno::IO | Errno::STALE => "look at the disk and at the kernel's log (dmesg)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_behind_errors_that_wrap_it_and_nowhere_else() {
        let full = || io::Error::from(Errno::NOSPC);
        let wrapped = io::Error::other(io::Error::other(full()));
        assert!(host_fault(&full()).is_some_and(|advice| advice.contains("make room")));
        assert_eq!(host_fault(&wrapped), host_fault(&full()));
        assert_eq!(host_fault(&io::Error::from(Errno::NOENT)), None);
        assert_eq!(host_fault(&io::Error::other("no number")), None);
    }
}
