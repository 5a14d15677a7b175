//! A way out of the interpreter's end behind everything that a program can notice.
//!
//! `Py_FinalizeEx` waits for threads, runs what `atexit` holds, flushes the streams, and takes the modules apart, with
//! all that runs when objects go. The dictionary of `sys` comes last, but for that of `builtins`, which is as it was at the
//! start by then (`finalize_modules` in `Python/pylifecycle.c`). What follows gives memory back, which the kernel does at
//! once for a process that ends. So a value in that dictionary ends the process when it is freed. Where standard output
//! or error is no longer what it was at the start, no such value is set, and Python decides how the program has ended.

use std::ffi::{CStr, c_int};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

use pyo3_ffi::{
    Py_INCREF, Py_None, Py_XDECREF, PyCapsule_New, PyErr_Clear, PyObject, PyObject_GetAttrString, PyObject_IsTrue,
    PySys_GetObject, PySys_SetObject,
};

use crate::python::call_method;

/// Exit status when standard output could not be flushed at the end.
pub(crate) const NOT_FLUSHED: c_int = 120;

/// Exit status of the program.
static STATUS: AtomicI32 = AtomicI32::new(0);

/// Standard output and error.
static STREAMS: [AtomicPtr<PyObject>; 2] = [AtomicPtr::new(null_mut()), AtomicPtr::new(null_mut())];

/// A name that no program uses.
const NAME: &CStr = c" ";

/// Lets the process end with `status` as soon as the modules are gone; `false` where that is not to be.
///
/// # Safety
/// With the interpreter's lock held.
pub(crate) unsafe fn end_after_modules(status: c_int) -> bool {
    // SAFETY: borrowed references, of which those that are kept are counted.
    unsafe {
        for (kept, (now, first)) in STREAMS
            .iter()
            .zip([(c"stdout", c"__stdout__"), (c"stderr", c"__stderr__")])
        {
            let stream = PySys_GetObject(now.as_ptr());
            if stream.is_null() || stream == Py_None() || stream != PySys_GetObject(first.as_ptr()) {
                return false;
            }
            Py_INCREF(stream);
            kept.store(stream, Ordering::Relaxed);
        }
        STATUS.store(status, Ordering::Relaxed);
        let capsule = PyCapsule_New((&raw const STATUS).cast_mut().cast(), NAME.as_ptr(), Some(leave));
        let set = !capsule.is_null() && PySys_SetObject(NAME.as_ptr(), capsule) == 0;
        if !set {
            PyErr_Clear();
        }
        Py_XDECREF(capsule);
        set
    }
}

/// Ends the process.
unsafe extern "C" fn leave(_capsule: *mut PyObject) {
    let mut status = STATUS.load(Ordering::Relaxed);
    for stream in &STREAMS {
        // SAFETY: referenced by `end_after_modules`.
        if unsafe { !is_flushed(stream.load(Ordering::Relaxed)) } {
            status = NOT_FLUSHED;
        }
    }
    // SAFETY: `exit` without what other code has registered; the C library's own streams are flushed.
    unsafe {
        libc::fflush(null_mut());
        libc::_exit(status)
    }
}

/// Flushes a stream that is open, or does not say whether it is; `false` when that fails, as it did before when Python
/// tried, and complained.
unsafe fn is_flushed(stream: *mut PyObject) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let closed = PyObject_GetAttrString(stream, c"closed".as_ptr());
        let closed_now = !closed.is_null() && PyObject_IsTrue(closed) == 1;
        Py_XDECREF(closed);
        PyErr_Clear();
        let flushed = closed_now || call_method(stream, c"flush");
        PyErr_Clear();
        flushed
    }
}
