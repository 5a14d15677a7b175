//! The native half of a zygote: a Python interpreter that has started, compiled a submission and imported its
//! libraries, and is forked once for every test.
//!
//! # Theory of operation
//!
//! `zygote.py`, the Python half, names `serve` as `sys.excepthook` and raises an exception. The interpreter then calls
//! it from C, after the last Python frame is gone. So a fork that runs the submission from here has no frame below its
//! own, a full recursion limit, and the main thread's state, just as `python3 main.py` has.
//!
//! ```text
//! runner --Import--> zygote.warm_up()                                     answer: imported or not
//!        --Audit+page--> where the forks note what Python audits           answer: mapped or not
//!        --Prepare--> zygote.prepare()                                    answer: prepared or not
//!        --Run+pipes--> fork --> fork --> zygote.start() --> the program  answer: process id of the program
//!                         `- ends at once, so that the program becomes a child of the runner
//! ```
//!
//! The zygote talks to the runner over descriptor 0, a sequenced-packet socket. It is undumpable and ignores
//! every signal; its forks are not and do not. The runner verifies its answers with the kernel.

mod audit;
mod ending;
mod fork;
mod immortal;
mod message;
mod python;
mod shortcut;
mod signals;

use std::ffi::{CStr, CString, c_int};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStringExt as _;

use assize_child::{ChildPipes, ChildSetup, PROGRAM_OOM_SCORE, report, set_up_child};
use audit::AuditNotes;
use fork::{Fork, fork_to_runner};
use message::{Request, Start, answer, receive, room};
use pyo3_ffi::{
    METH_VARARGS, Py_LeaveRecursiveCall, PyMethodDef, PyMethodDefPointer, PyModule_Create2, PyModuleDef,
    PyModuleDef_HEAD_INIT, PyOS_AfterFork_Child, PyOS_AfterFork_Parent, PyOS_BeforeFork, PyObject, PyThread_tss_alloc,
    PyThread_tss_create, PyThread_tss_delete, PyThread_tss_free,
};

use crate::python::{Calls, Program};

/// Where the pipes, the work directory or the limits failed in a fork that had no status pipe left to say so.
const FAILED: c_int = 127;

/// The ABI that does not change between versions of Python (`PYTHON_ABI_VERSION` of `modsupport.h`).
const STABLE_ABI: c_int = 3;

#[repr(transparent)]
struct Shared<T>(std::cell::UnsafeCell<T>);

// SAFETY: only Python accesses these, and only with its lock held.
unsafe impl<T> Sync for Shared<T> {}

static METHODS: Shared<[PyMethodDef; 3]> = Shared(std::cell::UnsafeCell::new([
    PyMethodDef {
        ml_name: c"serve".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: serve },
        ml_flags: METH_VARARGS,
        ml_doc: c"Serves the runner; for sys.excepthook. Never returns.".as_ptr(),
    },
    PyMethodDef {
        ml_name: c"immortalize".as_ptr(),
        ml_meth: PyMethodDefPointer {
            PyCFunction: immortal::immortalize,
        },
        ml_flags: METH_VARARGS,
        ml_doc: c"Makes a list of objects, and what they hold, immortal; but not those in a second list.".as_ptr(),
    },
    PyMethodDef::zeroed(),
]));

static MODULE: Shared<PyModuleDef> = Shared(std::cell::UnsafeCell::new(PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"_assize_zygote".as_ptr(),
    m_doc: std::ptr::null(),
    m_size: -1,
    m_methods: METHODS.0.get().cast(),
    m_slots: std::ptr::null_mut(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
}));

/// What Python calls to make the module.
///
/// # Safety
/// For the import system, which calls it with the interpreter's lock held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit__assize_zygote() -> *mut PyObject {
    // SAFETY: the definition is static and complete.
    unsafe { PyModule_Create2(MODULE.0.get(), STABLE_ABI) }
}

/// Serves the runner until it hangs up. Whatever goes wrong ends the zygote: a box without one starts interpreters.
unsafe extern "C" fn serve(module: *mut PyObject, _exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: called by the interpreter with its lock held and a live module; `_exit` runs nothing.
    unsafe {
        let Ok(calls) = Calls::of(module) else {
            libc::_exit(FAILED)
        };
        let Ok(work) = leave_work_directory() else {
            libc::_exit(FAILED)
        };
        bind_what_forks_call();
        harden();
        let (mut noted, mut packet) = (None, room());
        let mut served = answer(b"H");
        while served.is_ok() {
            served = match receive(&mut packet) {
                Ok(Request::WarmUp(words)) => answer(if calls.warm_up(&words) { b"I1" } else { b"I0" }),
                Ok(Request::Audit(page)) => {
                    noted = AuditNotes::on(&page);
                    answer(if noted.is_some() { b"A1" } else { b"A0" })
                }
                Ok(Request::Prepare(words)) => answer(if calls.prepare(&words) { b"P1" } else { b"P0" }),
                Ok(Request::Start(start)) => start_program(&calls, start, &work, noted),
                Err(error) => Err(error),
            };
        }
        libc::_exit(FAILED)
    }
}

/// The linker looks for a function when it is called first, which each fork would do: in the code that Python runs behind a
/// fork, this one was not called before.
///
/// # Safety
/// With the interpreter's lock held.
unsafe fn bind_what_forks_call() {
    // SAFETY: the key is made, deleted and freed once; a null pointer is looked for.
    unsafe {
        let key = PyThread_tss_alloc();
        if !key.is_null() && PyThread_tss_create(key) == 0 {
            PyThread_tss_delete(key);
        }
        PyThread_tss_free(key);
    }
}

/// Goes where no file of a submission is, and gives the directory where programs start.
fn leave_work_directory() -> std::io::Result<CString> {
    let work = std::env::current_dir()?;
    std::env::set_current_dir("/")?;
    Ok(CString::new(work.into_os_string().into_vec())?)
}

/// From now on no process in the box can trace it, open its memory or end it with any signal but `SIGKILL` and `SIGSTOP`.
fn harden() {
    // SAFETY: only a flag of this process is changed.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) };
    signals::ignore_all();
}

/// # Safety
/// With the interpreter's lock held, in its only thread.
unsafe fn start_program(calls: &Calls, start: Start, work: &CStr, noted: Option<AuditNotes>) -> rustix::io::Result<()> {
    // SAFETY: the three calls frame the fork as `os.fork` does.
    unsafe {
        PyOS_BeforeFork();
        match fork_to_runner() {
            Fork::Program => {
                PyOS_AfterFork_Child();
                become_program(calls, &start, work, noted)
            }
            Fork::Zygote(forked) => {
                PyOS_AfterFork_Parent();
                let mut said = *b"F\0\0\0\0";
                said[1..].copy_from_slice(&forked?.to_le_bytes());
                // Before the runner sees the last end of the status pipe closed, for which it waits.
                let answered = answer(&said);
                drop(start);
                answered
            }
        }
    }
}

/// The fork's way into the submission.
///
/// # Safety
/// For a fork of the zygote only.
unsafe fn become_program(calls: &Calls, start: &Start, work: &CStr, noted: Option<AuditNotes>) -> ! {
    let [stdin, stdout, stderr, status] = start.pipes.each_ref().map(|pipe| pipe.as_raw_fd());
    let pipes = ChildPipes {
        stdin,
        stdout,
        stderr,
        status,
    };
    let setup = ChildSetup {
        pipes,
        work,
        rlimits: &start.rlimits,
        oom_score: PROGRAM_OOM_SCORE,
    };
    // SAFETY: this process is a fork with one thread; nothing that it inherited is used behind `set_up_child` but memory.
    unsafe {
        if let Err(stage) = set_up_child(&setup) {
            report(status, stage);
        }
        signals::restore_all();
        give_threads_stacks_of(start.rlimits.stack_bytes());
        libc::close(status);
        let Program { code, globals } = match calls.start(&start.argv) {
            Ok(program) => program,
            Err(()) => ending::fail(calls),
        };
        if let Some(noted) = noted {
            noted.begin();
        }
        // The call of `serve` counts as one level of recursion in C, which `python3 main.py` does not have.
        Py_LeaveRecursiveCall();
        ending::run(calls, code, globals)
    }
}

/// The C library looked at the limit when the zygote started, which has another one.
fn give_threads_stacks_of(bytes: u64) {
    // SAFETY: `attributes` is initialised before it is used, and the calls keep no pointer to it.
    unsafe {
        let mut attributes = std::mem::zeroed();
        libc::pthread_attr_init(&raw mut attributes);
        let size = usize::try_from(bytes).unwrap_or(usize::MAX);
        if libc::pthread_attr_setstacksize(&raw mut attributes, size) == 0 {
            pthread_setattr_default_np(&raw const attributes);
        }
        libc::pthread_attr_destroy(&raw mut attributes);
    }
}

unsafe extern "C" {
    /// `pthread_setattr_default_np(3)`, which the crate libc does not declare.
    fn pthread_setattr_default_np(attributes: *const libc::pthread_attr_t) -> c_int;
}
