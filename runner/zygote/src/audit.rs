//! Records what Python audits (PEP 578) in a fork, as advice to the judge: a program that calls the kernel by itself is
//! not seen here, and one that finds the page can write on it.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use assize_child::{AUDIT_PAGE, note_audit};
use pyo3_ffi::{
    Py_ssize_t, PyErr_Clear, PyObject, PyTuple_Check, PyTuple_GetItem, PyTuple_Size, PyUnicode_AsUTF8AndSize,
    PyUnicode_Check,
};

/// Starts of the names of events that say something about an attempt to get out. Imports alone raise hundreds of others.
const TELLING: [&[u8]; 20] = [
    b"code.__new__",
    b"ctypes.",
    b"gc.get_",
    b"mmap.__new__",
    b"open",
    b"os.chmod",
    b"os.exec",
    b"os.fork",
    b"os.kill",
    b"os.link",
    b"os.posix_spawn",
    b"os.symlink",
    b"os.system",
    b"pickle.find_class",
    b"pty.spawn",
    b"signal.pthread_kill",
    b"socket.",
    b"subprocess.Popen",
    b"sys.addaudithook",
    b"urllib.Request",
];

/// Directories that every program reads: its own and those of Python.
const USUAL: [&[u8]; 3] = [b"/work/", b"/usr/lib/python", b"/usr/local/lib/python"];

static PAGE: AtomicPtr<u8> = AtomicPtr::new(null_mut());

/// A page that is mapped.
#[derive(Clone, Copy)]
pub(crate) struct AuditNotes;

impl AuditNotes {
    /// Maps the page; `None` when that fails.
    pub(crate) fn on(page: &OwnedFd) -> Option<Self> {
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping of a file of this size, which lives as long as the process.
        let mapped = unsafe { libc::mmap(null_mut(), AUDIT_PAGE, rights, libc::MAP_SHARED, page.as_raw_fd(), 0) };
        if mapped == libc::MAP_FAILED {
            return None;
        }
        PAGE.store(mapped.cast(), Ordering::Relaxed);
        Some(Self)
    }

    /// From now on this process notes.
    ///
    /// # Safety
    /// With the interpreter's lock held.
    pub(crate) unsafe fn begin(self) {
        // SAFETY: as the caller promises; the function lives for ever. Without a hook nothing is noted, and that does no
        // harm.
        unsafe {
            if PySys_AddAuditHook(Some(note), null_mut()) != 0 {
                PyErr_Clear();
            }
        }
    }
}

/// Never refuses anything.
unsafe extern "C" fn note(event: *const c_char, arguments: *mut PyObject, _data: *mut c_void) -> c_int {
    // SAFETY: Python gives a string that ends in NUL and a live tuple, and holds its lock. Nothing here runs code of the
    // program: only exact accesses to tuples and strings.
    unsafe {
        let name = CStr::from_ptr(event).to_bytes();
        let page = PAGE.load(Ordering::Relaxed);
        if !page.is_null() && TELLING.iter().any(|start| name.starts_with(start)) {
            let detail = first_text(arguments, 2);
            if !(name == b"open" && is_usual(detail)) {
                note_audit(page, name, detail);
            }
        }
    }
    0
}

fn is_usual(path: &[u8]) -> bool {
    !path.starts_with(b"/") || USUAL.iter().any(|place| path.starts_with(place))
}

/// The first string in a tuple, or in the tuples that it holds.
unsafe fn first_text<'a>(tuple: *mut PyObject, depth: u8) -> &'a [u8] {
    // SAFETY: the tuple is live while its event is raised, and the references are borrowed from it.
    unsafe {
        if depth == 0 || tuple.is_null() || PyTuple_Check(tuple) == 0 {
            return &[];
        }
        for at in 0..PyTuple_Size(tuple) {
            let item = PyTuple_GetItem(tuple, at);
            if PyUnicode_Check(item) != 0 {
                let mut size: Py_ssize_t = 0;
                let text = PyUnicode_AsUTF8AndSize(item, &raw mut size);
                if text.is_null() {
                    PyErr_Clear();
                    return b"?";
                }
                return std::slice::from_raw_parts(text.cast(), usize::try_from(size).unwrap_or(0));
            }
            let inner = first_text(item, depth - 1);
            if !inner.is_empty() {
                return inner;
            }
        }
        &[]
    }
}

unsafe extern "C" {
    /// `PySys_AddAuditHook`, which every build of Python exports and the stable ABI does not list.
    fn PySys_AddAuditHook(
        hook: Option<unsafe extern "C" fn(*const c_char, *mut PyObject, *mut c_void) -> c_int>,
        data: *mut c_void,
    ) -> c_int;
}
