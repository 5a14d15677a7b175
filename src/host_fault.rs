//! Errors behind which is a host that lacks something: disk, descriptors, memory. Neither the submission nor the problem
//! is to blame, and another host may have it.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use rustix::io::Errno;

/// What to do about the host, if it is to blame for this error or for one behind it.
pub(crate) fn host_fault(error: &(dyn Error + 'static)) -> Option<&'static str> {
    io_errors(error).find_map(advice)
}

/// Whether there was no room on a disk, by this error or one behind it.
pub(crate) fn lacks_room(error: &(dyn Error + 'static)) -> bool {
    let is_full = |error: &io::Error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    io_errors(error).any(is_full)
}

fn io_errors<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a io::Error> {
    let errors = successors(Some(error), |error| source_of(*error));
    errors.filter_map(|error| error.downcast_ref())
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

    #[test]
    fn a_disk_without_room_is_told_from_one_that_fails() {
        for (errno, is_full) in [
            (Errno::NOSPC, true),
            (Errno::DQUOT, true),
            (Errno::IO, false),
            (Errno::ROFS, false),
        ] {
            let error = io::Error::from(errno);
            assert_eq!(lacks_room(&error), is_full, "{error}");
            assert_eq!(
                lacks_room(&io::Error::other(error)),
                is_full,
                "{errno}: behind another one"
            );
        }
    }
}
