//! Objects that are counted and freed no more.
//!
//! A fork shares the zygote's memory until one of both writes to it. Python writes to an object whenever it is looked at,
//! to count who holds it, and once more to free it when the interpreter ends; each time the kernel copies a page. Immortal
//! objects (PEP 683) are left alone. That is half of the cost of a small program.

use std::collections::HashSet;
use std::ffi::{CStr, c_int, c_void};

use pyo3_ffi::{
    Py_None, Py_TYPE, Py_ssize_t, Py_tp_traverse, PyList_GetItem, PyList_Size, PyObject, PyObject_GetAttrString,
    PyTuple_GetItem, PyType_GetFlags, PyType_GetSlot, PyTypeObject, traverseproc, visitproc,
};

/// Flags of a type (`Include/object.h`).
const HEAP_TYPE: u64 = 1 << 9;
const HAVE_GC: u64 = 1 << 14;
const TYPE_SUBCLASS: u64 = 1 << 31;

/// What a code object holds without showing it to the garbage collector.
const OF_CODE: [&CStr; 3] = [c"co_consts", c"co_names", c"co_varnames"];

/// `immortalize(objects, kept, code)`: makes `objects`, and what they hold, immortal; but not those in the list `kept`.
/// `code` is the type of code objects.
///
/// # Safety
/// For Python, from 3.12 on and with a global lock, whose objects begin with a count of 32 bits.
pub(crate) unsafe extern "C" fn immortalize(_module: *mut PyObject, arguments: *mut PyObject) -> *mut PyObject {
    // SAFETY: two lists of live objects and a type, and nothing is released here.
    unsafe {
        let mut found = items(PyTuple_GetItem(arguments, 0));
        let kept: HashSet<_> = items(PyTuple_GetItem(arguments, 1)).into_iter().collect();
        let code = PyTuple_GetItem(arguments, 2).cast();
        let immortal = *count_of(Py_None());
        while let Some(object) = found.pop() {
            let count = count_of(object);
            if *count != immortal && (*count).cast_signed() >= 0 && !kept.contains(&object) {
                look_into(object, code, &mut found);
                *count = immortal;
            }
        }
        Py_None()
    }
}

unsafe fn items(list: *mut PyObject) -> Vec<*mut PyObject> {
    // SAFETY: references that are borrowed from a list which outlives them.
    unsafe {
        (0..PyList_Size(list))
            .map(|at: Py_ssize_t| PyList_GetItem(list, at))
            .collect()
    }
}

/// Where an object is counted: at its start.
fn count_of(object: *mut PyObject) -> *mut u32 {
    object.cast()
}

/// Adds everything that `object` holds.
unsafe fn look_into(object: *mut PyObject, code: *mut PyTypeObject, found: &mut Vec<*mut PyObject>) {
    // SAFETY: an object's own type says how it is traversed. Types that are part of the interpreter are no objects of the
    // garbage collector, although their own type has a function to traverse them.
    unsafe {
        let kind = Py_TYPE(object);
        let flags = flags_of(kind);
        let static_type = flags & TYPE_SUBCLASS != 0 && flags_of(object.cast()) & HEAP_TYPE == 0;
        found.push(kind.cast());
        if flags & HAVE_GC != 0 && !static_type {
            let traverse = PyType_GetSlot(kind, Py_tp_traverse);
            if !traverse.is_null() {
                let traverse = std::mem::transmute::<*mut c_void, traverseproc>(traverse);
                let visit: visitproc = add;
                traverse(object, visit, std::ptr::from_mut(found).cast());
            }
        } else if kind == code {
            look_into_code(object, found);
        }
    }
}

unsafe fn look_into_code(object: *mut PyObject, found: &mut Vec<*mut PyObject>) {
    // SAFETY: what the attributes give is immortal in a moment, so its reference is not released.
    unsafe {
        for name in OF_CODE {
            let held = PyObject_GetAttrString(object, name.as_ptr());
            if !held.is_null() {
                found.push(held);
            }
        }
    }
}

unsafe fn flags_of(kind: *mut PyTypeObject) -> u64 {
    // SAFETY: `kind` is a type.
    unsafe { PyType_GetFlags(kind) }
}

unsafe extern "C" fn add(object: *mut PyObject, found: *mut c_void) -> c_int {
    // SAFETY: `found` is the list that `look_into` handed over.
    unsafe { (*found.cast::<Vec<*mut PyObject>>()).push(object) };
    0
}
