//! A fork that becomes a child of the runner.
//!
//! The process in the middle ends at once, and the kernel gives its child to PID 1 of the box, or to the nearest
//! subreaper, which both is the runner (`PR_SET_CHILD_SUBREAPER(2const)`). So the runner waits for the program itself, and
//! its exit status and use of resources come from the kernel.

use rustix::io::{Errno, Result};

/// The process in which [`fork_to_runner`] returns.
pub(crate) enum Fork {
    /// In the new process.
    Program,
    /// In the zygote, with the id of the new process.
    Zygote(Result<i32>),
}

/// Forks through a process in the middle.
///
/// # Safety
/// In a process with one thread, whose signals are blocked.
pub(crate) unsafe fn fork_to_runner() -> Fork {
    let mut program = 0;
    // SAFETY: as the caller promises; `program` is live and used by no other.
    let middle = unsafe { through_the_middle(&raw mut program) };
    if middle == 0 {
        return Fork::Program;
    }
    if middle < 0 {
        return Fork::Zygote(Err(Errno::from_raw_os_error(-middle)));
    }
    // Before it has ended, its child is not the runner's.
    // SAFETY: no memory is touched.
    unsafe { libc::waitpid(middle, std::ptr::null_mut(), 0) };
    Fork::Zygote(if program > 0 { Ok(program) } else { Err(Errno::AGAIN) })
}

/// Gives 0 in the new process; in the zygote the id of the process in the middle or a negative error, and that of the new
/// process in `program`.
///
/// The process in the middle is made by `vfork(2)`: it borrows the zygote's memory, which so is copied once and not twice.
/// In assembly, since no compiler knows that the zygote comes back to a stack that another process has used: below the
/// stack pointer, where nothing of the zygote's is.
///
/// # Safety
/// As for [`fork_to_runner`].
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
unsafe extern "C" fn through_the_middle(program: *mut i32) -> i32 {
    std::arch::naked_asm!(
        "push rbx",
        "mov rbx, rdi",
        "mov eax, {vfork}",
        "syscall",
        "test eax, eax",
        "jnz 2f",
        "call {fork}",
        "test eax, eax",
        "jz 2f",
        "mov [rbx], eax",
        "xor edi, edi",
        "mov eax, {exit}",
        "syscall",
        "2:",
        "pop rbx",
        "ret",
        vfork = const libc::SYS_vfork,
        exit = const libc::SYS_exit,
        fork = sym libc::fork,
    )
}

/// The same with two forks, and a pipe between them.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn through_the_middle(program: *mut i32) -> i32 {
    use rustix::io::{read, write};
    use rustix::pipe::{PipeFlags, pipe_with};

    let Ok((theirs, ours)) = pipe_with(PipeFlags::CLOEXEC) else {
        return -libc::EMFILE;
    };
    // SAFETY: with one thread, a fork is a whole copy; the process in the middle only makes system calls.
    unsafe {
        match libc::fork() {
            -1 => -libc::EAGAIN,
            0 => match libc::fork() {
                0 => 0,
                pid => {
                    write(&ours, &pid.to_le_bytes()).ok();
                    libc::_exit(0)
                }
            },
            middle => {
                drop(ours);
                let mut said = [0; 4];
                if matches!(read(&theirs, &mut said), Ok(4)) {
                    *program = i32::from_le_bytes(said);
                }
                middle
            }
        }
    }
}
