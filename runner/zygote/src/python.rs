//! The functions of `zygote.py`, called from outside every Python frame.

use std::ffi::CStr;
use std::ptr::null_mut;

use pyo3_ffi::{
    Py_DECREF, Py_INCREF, Py_IsTrue, Py_XDECREF, Py_ssize_t, PyErr_Clear, PyErr_Print, PyList_Append, PyList_New,
    PyObject, PyObject_CallFunctionObjArgs, PyObject_CallMethodObjArgs, PyObject_GetAttrString, PyTuple_GetItem,
    PyTuple_Size, PyUnicode_DecodeFSDefaultAndSize, PyUnicode_InternFromString,
};

/// What `start` returns: the compiled submission and the namespace of `__main__`, two references to be released.
pub(crate) struct Program {
    pub(crate) code: *mut PyObject,
    pub(crate) globals: *mut PyObject,
}

/// The functions of `zygote.py`.
pub(crate) struct Calls {
    warm_up: *mut PyObject,
    prepare: *mut PyObject,
    start: *mut PyObject,
    leave: *mut PyObject,
}

impl Calls {
    /// As `zygote.py` left them in the module.
    ///
    /// # Safety
    /// With the interpreter's lock held, for a live module.
    pub(crate) unsafe fn of(module: *mut PyObject) -> Result<Self, ()> {
        // SAFETY: as the caller promises. The references are kept for ever.
        unsafe {
            let attribute = |name: &CStr| match PyObject_GetAttrString(module, name.as_ptr()) {
                found if found.is_null() => Err(()),
                found => Ok(found),
            };
            Ok(Self {
                warm_up: attribute(c"warm_up")?,
                prepare: attribute(c"prepare")?,
                start: attribute(c"start")?,
                leave: attribute(c"leave")?,
            })
        }
    }

    /// Whether the libraries are imported; an exception means that they are not.
    ///
    /// # Safety
    /// With the interpreter's lock held.
    pub(crate) unsafe fn warm_up(&self, words: &[Vec<u8>]) -> bool {
        // SAFETY: as the caller promises.
        unsafe { is_true(call(self.warm_up, words)) }
    }

    /// Whether the submission is prepared; an exception means that it is not.
    ///
    /// # Safety
    /// With the interpreter's lock held.
    pub(crate) unsafe fn prepare(&self, words: &[Vec<u8>]) -> bool {
        // SAFETY: as the caller promises.
        unsafe { is_true(call(self.prepare, words)) }
    }

    /// Makes the end of the interpreter short.
    ///
    /// # Safety
    /// With the interpreter's lock held, and no exception set.
    pub(crate) unsafe fn leave(&self) {
        // SAFETY: as the caller promises; the result is released once.
        unsafe {
            let result = PyObject_CallFunctionObjArgs(self.leave, std::ptr::null_mut::<PyObject>());
            if result.is_null() {
                PyErr_Clear();
            } else {
                Py_DECREF(result);
            }
        }
    }

    /// The program to run.
    ///
    /// # Safety
    /// With the interpreter's lock held.
    pub(crate) unsafe fn start(&self, argv: &[Vec<u8>]) -> Result<Program, ()> {
        // SAFETY: as the caller promises. The tuple is released when what it holds is counted.
        unsafe {
            let result = call(self.start, argv);
            if result.is_null() {
                PyErr_Print();
                return Err(());
            }
            if PyTuple_Size(result) != 2 {
                return Err(());
            }
            let [code, globals] = [0, 1].map(|at| PyTuple_GetItem(result, at));
            Py_INCREF(code);
            Py_INCREF(globals);
            Py_DECREF(result);
            Ok(Program { code, globals })
        }
    }
}

/// Takes a result, or the absence of one, for a yes or a no.
///
/// # Safety
/// With the interpreter's lock held.
unsafe fn is_true(result: *mut PyObject) -> bool {
    // SAFETY: as the caller promises; the result is released once.
    unsafe {
        if result.is_null() {
            PyErr_Clear();
            return false;
        }
        let yes = Py_IsTrue(result) == 1;
        Py_DECREF(result);
        yes
    }
}

/// Calls `function` with a list of strings; null when there is an exception.
///
/// # Safety
/// With the interpreter's lock held.
unsafe fn call(function: *mut PyObject, words: &[Vec<u8>]) -> *mut PyObject {
    // SAFETY: as the caller promises; every new reference is released once, and null pointers are looked for.
    unsafe {
        let list = PyList_New(0);
        if list.is_null() {
            return list;
        }
        for word in words {
            let length = Py_ssize_t::try_from(word.len()).unwrap_or(0);
            let string = PyUnicode_DecodeFSDefaultAndSize(word.as_ptr().cast(), length);
            if string.is_null() {
                return string;
            }
            PyList_Append(list, string);
            Py_DECREF(string);
        }
        let result = PyObject_CallFunctionObjArgs(function, list, std::ptr::null_mut::<PyObject>());
        Py_DECREF(list);
        result
    }
}

/// Calls a method without arguments; `false` when there is an exception.
///
/// # Safety
/// With the interpreter's lock held, for a live object.
pub(crate) unsafe fn call_method(object: *mut PyObject, method: &CStr) -> bool {
    // SAFETY: the method's name and the result are released once.
    unsafe {
        let name = PyUnicode_InternFromString(method.as_ptr());
        if name.is_null() {
            return false;
        }
        let result = PyObject_CallMethodObjArgs(object, name, null_mut::<PyObject>());
        Py_DECREF(name);
        Py_XDECREF(result);
        !result.is_null()
    }
}
