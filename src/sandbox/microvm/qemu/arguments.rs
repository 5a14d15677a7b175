//! The whole of what QEMU is told, readable in one piece: a change here is a security review.

use std::ffi::OsString;
use std::path::Path;

use assize_guest_protocol::port;

use crate::config::Accelerator;
use crate::sandbox::microvm::machine::{MachinePlan, socket_name};

/// What the kernel of a guest is told. Its console is the machine's log, for what is critical; it ends the machine where it
/// cannot go on, as a restart does, which QEMU takes as the end.
const KERNEL_LINE: &str = "console=ttyS0 8250.nr_uarts=1 quiet loglevel=3 no_timer_check panic=-1 reboot=t";

/// What is the same for all machines: no device but those that are named, no network, no monitor. QEMU gives up the calls
/// by which it could start programs, get rights or change its bounds.
const ALWAYS: [&str; 12] = [
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    "-display",
    "none",
    "-sandbox",
    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
    "-device",
    "virtio-serial-pci,max_ports=4",
    "-chardev",
    "stdio,id=console,signal=off",
    "-serial",
];

/// Where the memory of a machine is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Memory<'a> {
    /// The machine's own.
    Own,
    /// A file, which holds what the machine writes: a template is made of it.
    Kept(&'a Path),
    /// What is in a file, and copies of the pages that the machine writes. It waits for the state of its devices.
    Copied(&'a Path),
}

/// The socket on which the worker waits for a monitor.
pub(super) const MONITOR: &str = "monitor";

/// The arguments for a machine whose sockets are in `directory`.
pub(super) fn arguments(
    plan: &MachinePlan<'_>,
    accelerator: Accelerator,
    memory: Memory<'_>,
    directory: &Path,
) -> Vec<OsString> {
    let (accelerator, processor) = match accelerator {
        Accelerator::Kvm => ("kvm", "host"),
        Accelerator::Tcg => ("tcg,tb-size=128", "max"),
    };
    let mut all: Vec<OsString> = ALWAYS.map(OsString::from).into();
    all.push("chardev:console".into());
    let mut option = |name: &str, value: OsString| all.extend([name.into(), value]);
    option("-machine", "q35,usb=off,vmport=off,memory-backend=ram".into());
    option("-object", backing(plan.memory_bytes, memory));
    option("-accel", accelerator.into());
    option("-cpu", processor.into());
    option("-smp", plan.cpus.to_string().into());
    option("-m", format!("{}K", plan.memory_bytes >> 10).into());
    option("-kernel", plan.kernel.image.clone().into());
    option("-initrd", plan.kernel.initramfs.clone().into());
    option("-append", KERNEL_LINE.into());
    option(
        "-drive",
        with_path("if=none,id=root,format=raw,readonly=on,file=", &plan.disk.file),
    );
    option("-device", "virtio-blk-pci,drive=root".into());
    for port in [port::RUNNER, port::AGENT] {
        let chardev = format!("socket,id=port{port},path=");
        option("-chardev", with_path(&chardev, &directory.join(socket_name(port))));
        option("-device", format!("virtserialport,chardev=port{port},nr={port}").into());
    }
    if !matches!(memory, Memory::Own) {
        option(
            "-chardev",
            with_path("socket,id=monitor,path=", &directory.join(MONITOR)),
        );
        option("-mon", "chardev=monitor,mode=control".into());
    }
    if matches!(memory, Memory::Copied(_)) {
        option("-incoming", "defer".into());
    }
    all
}

fn backing(bytes: u64, memory: Memory<'_>) -> OsString {
    let kib = bytes >> 10;
    match memory {
        Memory::Own => format!("memory-backend-ram,id=ram,size={kib}K").into(),
        Memory::Kept(file) => with_path(
            &format!("memory-backend-file,id=ram,size={kib}K,share=on,mem-path="),
            file,
        ),
        Memory::Copied(file) => with_path(
            &format!("memory-backend-file,id=ram,size={kib}K,share=off,mem-path="),
            file,
        ),
    }
}

/// QEMU takes two commas for one.
fn with_path(options: &str, path: &Path) -> OsString {
    format!("{options}{}", path.display().to_string().replace(',', ",,")).into()
}
