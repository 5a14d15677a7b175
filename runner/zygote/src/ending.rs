//! Runs the submission and ends the process as `Py_RunMain` does (`Modules/main.c` and `Python/pythonrun.c` of CPython).

use std::ffi::c_int;
use std::ptr::null_mut;

use pyo3_ffi::{
    Py_DECREF, Py_FinalizeEx, Py_None, Py_XDECREF, PyDict_DelItemString, PyErr_Clear, PyErr_ExceptionMatches,
    PyErr_Fetch, PyErr_NormalizeException, PyErr_Occurred, PyErr_Print, PyErr_Restore, PyEval_EvalCode,
    PyExc_KeyboardInterrupt, PyExc_SystemExit, PyLong_AsLongLong, PyLong_Check, PyObject, PyObject_GetAttrString,
    PySys_GetObject,
};

use crate::python::{Calls, call_method};
use crate::shortcut::{NOT_FLUSHED, end_after_modules};

/// Exit status of a program that ended with an exception.
const EXCEPTION: c_int = 1;

/// Runs `code` as the main program.
///
/// # Safety
/// In a fork of the zygote, with the interpreter's lock held; `code` is a code object and `globals` the dictionary of
/// `__main__`. Both references are released: nothing but Python itself may hold the namespace when Python ends.
pub(crate) unsafe fn run(calls: &Calls, code: *mut PyObject, globals: *mut PyObject) -> ! {
    // SAFETY: as the caller promises.
    unsafe {
        let result = PyEval_EvalCode(code, globals, globals);
        let failed = result.is_null();
        let interrupted = failed && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0;
        Py_XDECREF(result);
        Py_DECREF(code);
        flush();
        if failed && PyErr_ExceptionMatches(PyExc_SystemExit) != 0 {
            Py_DECREF(globals);
            match system_exit() {
                Some(status) => end(calls, status, false),
                None => PyErr_Print(),
            }
        }
        if failed {
            PyErr_Print();
        }
        for name in [c"__file__", c"__cached__"] {
            if PyDict_DelItemString(globals, name.as_ptr()) != 0 {
                PyErr_Clear();
            }
        }
        Py_DECREF(globals);
        end(calls, if failed { EXCEPTION } else { 0 }, interrupted)
    }
}

/// Ends a program whose start failed with an exception, such as a warning about its source that is an error.
///
/// # Safety
/// In a fork of the zygote, with the interpreter's lock held.
pub(crate) unsafe fn fail(calls: &Calls) -> ! {
    // SAFETY: as the caller promises.
    unsafe { end(calls, EXCEPTION, false) }
}

unsafe fn end(calls: &Calls, mut status: c_int, interrupted: bool) -> ! {
    // SAFETY: nothing of Python's is used behind `Py_FinalizeEx`.
    unsafe {
        if !interrupted && end_after_modules(status) {
            calls.leave();
        }
        if Py_FinalizeEx() < 0 {
            status = NOT_FLUSHED;
        }
        if interrupted {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            libc::kill(libc::getpid(), libc::SIGINT);
        }
        libc::exit(status)
    }
}

/// The status that a `SystemExit` asks for, if it holds a number or nothing (`_Py_HandleSystemExit`). One with something
/// else is left to `PyErr_Print`, which prints it and ends the process.
unsafe fn system_exit() -> Option<c_int> {
    // SAFETY: there is an exception. It is put back unless it is answered.
    unsafe {
        let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
        PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut traceback);
        PyErr_NormalizeException(&raw mut kind, &raw mut value, &raw mut traceback);
        let code = PyObject_GetAttrString(value, c"code".as_ptr());
        let status = match code {
            code if code.is_null() => None,
            code if code == Py_None() => Some(0),
            code if PyLong_Check(code) != 0 => Some(truncated(code)),
            _ => None,
        };
        PyErr_Clear();
        if status.is_none() {
            Py_XDECREF(code);
            PyErr_Restore(kind, value, traceback);
            return None;
        }
        Py_XDECREF(code);
        for part in [kind, value, traceback] {
            Py_XDECREF(part);
        }
        libc::fflush(null_mut());
        status
    }
}

/// The low bits, as C does it; -1 for what is too large.
#[expect(clippy::cast_possible_truncation, reason = "what Python does with an exit status")]
unsafe fn truncated(number: *mut PyObject) -> c_int {
    // SAFETY: `number` is an int.
    unsafe {
        let whole = PyLong_AsLongLong(number);
        if whole == -1 && !PyErr_Occurred().is_null() {
            PyErr_Clear();
        }
        whole as c_int
    }
}

/// `flush_io` of `pythonrun.c`: what cannot be flushed is forgotten.
unsafe fn flush() {
    // SAFETY: the exception is put back as it was; borrowed references are not released.
    unsafe {
        let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
        PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut traceback);
        for stream in [c"stderr", c"stdout"] {
            let file = PySys_GetObject(stream.as_ptr());
            if !file.is_null() && !call_method(file, c"flush") {
                PyErr_Clear();
            }
        }
        PyErr_Restore(kind, value, traceback);
    }
}
