#!/usr/bin/python3 -I
"""Stands in for Firecracker where there is no KVM: its command line, its API, its sockets; the machine is one of QEMU.

Requests are held against the description of Firecracker's API (src/firecracker/swagger/firecracker.yaml there): what is
required, what is unknown, and what may be asked for when. The guest is translated, and its sockets are served by
vhost-device-vsock, whose Unix sockets are those of Firecracker. QEMU cannot save the state of such a device, so it is
unplugged before a snapshot and plugged again after it: connections are lost, as they are with Firecracker.
"""

import argparse
import ctypes
import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler

VERSION = "1.17.0"
QEMU = "/usr/bin/qemu-system-x86_64"
VSOCK = os.path.join(os.path.dirname(__file__), "../../target/microvm/vsock/bin/vhost-device-vsock")
PATIENCE = 60
DIES_WITH_PARENT = 1

REQUIRED, OPTIONAL = True, False

# Path, method, state in which it may be asked for, and fields with their kind and whether they have to be there.
RESOURCES = {
    ("PUT", "/machine-config"): ("Not started", {
        "vcpu_count": (range(1, 33), REQUIRED),
        "mem_size_mib": (int, REQUIRED),
        "smt": (bool, OPTIONAL),
        "cpu_template": (str, OPTIONAL),
        "track_dirty_pages": (bool, OPTIONAL),
        "huge_pages": (["None", "Transparent", "2M"], OPTIONAL),
    }),
    ("PUT", "/boot-source"): ("Not started", {
        "kernel_image_path": (str, REQUIRED),
        "initrd_path": (str, OPTIONAL),
        "boot_args": (str, OPTIONAL),
    }),
    ("PUT", "/drives/root"): ("Not started", {
        "drive_id": (["root"], REQUIRED),
        "is_root_device": (bool, REQUIRED),
        "is_read_only": (bool, OPTIONAL),
        "path_on_host": (str, OPTIONAL),
        "cache_type": (["Unsafe", "Writeback"], OPTIONAL),
        "io_engine": (["Sync", "Async"], OPTIONAL),
        "partuuid": (str, OPTIONAL),
        "socket": (str, OPTIONAL),
    }),
    ("PUT", "/vsock"): ("Not started", {
        "guest_cid": (range(3, 1 << 32), REQUIRED),
        "uds_path": (str, REQUIRED),
        "vsock_id": (str, OPTIONAL),
    }),
    ("PUT", "/entropy"): ("Not started", {"rate_limiter": (dict, OPTIONAL)}),
    ("PUT", "/actions"): ("Not started", {"action_type": (["InstanceStart"], REQUIRED)}),
    ("PATCH", "/vm"): ("Running", {"state": (["Paused"], REQUIRED)}),
    ("PUT", "/snapshot/create"): ("Paused", {
        "snapshot_path": (str, REQUIRED),
        "mem_file_path": (str, REQUIRED),
        "snapshot_type": (["Full"], OPTIONAL),
    }),
    ("PUT", "/snapshot/load"): ("Not started", {
        "snapshot_path": (str, REQUIRED),
        "mem_backend": (dict, REQUIRED),
        "resume_vm": ([True], REQUIRED),
        "track_dirty_pages": (bool, OPTIONAL),
    }),
}
MEMORY_BACKEND = {"backend_type": (["File"], REQUIRED), "backend_path": (str, REQUIRED)}


class Fault(Exception):
    """What is wrong with a request."""


def hold(given, fields):
    """Holds the fields of a request against their description."""
    if not isinstance(given, dict):
        raise Fault("the body is no object")
    for name, value in given.items():
        if name not in fields:
            raise Fault(f"unknown field `{name}`, expected one of {sorted(fields)}")
        kind = fields[name][0]
        fits = type(value) is kind if isinstance(kind, type) else value in kind
        if not fits:
            raise Fault(f"invalid value for `{name}`: {value!r}")
    for name, (_kind, is_required) in fields.items():
        if is_required and name not in given:
            raise Fault(f"missing field `{name}`")


class Monitor:
    """The monitor of a QEMU."""

    def __init__(self, path):
        self.socket = until(lambda: connect(path))
        self.lines = self.socket.makefile()
        self.events = []
        json.loads(self.lines.readline())
        self.execute("qmp_capabilities")

    def execute(self, command, **arguments):
        self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            said = self.next()
            if "error" in said:
                raise Fault(f"{command}: {said['error']['desc']}")
            if "return" in said:
                return said["return"]

    def next(self):
        said = json.loads(self.lines.readline() or "{}")
        if "event" in said:
            self.events.append(said["event"])
        return said

    def wait_for(self, event):
        while event not in self.events:
            self.next()


def connect(path):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(PATIENCE)
    try:
        stream.connect(path)
        return stream
    except OSError:
        return None


def until(look):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.01)
    raise Fault("it takes too long")


def run(*arguments):
    """A process that ends with this one. Its command line does not name the directory of the machine."""
    ends = lambda: ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, preexec_fn=ends)


class Machine:
    def __init__(self):
        self.state = "Not started"
        self.has = {}
        self.qemu = None

    def ask(self, method, path, body):
        if (method, path) not in RESOURCES:
            raise Fault(f"Invalid request method and/or path: {method} {path}.")
        state, fields = RESOURCES[method, path]
        hold(body, fields)
        if self.state != state:
            raise Fault(f"The requested operation is not supported while the microVM is {self.state}: {path}")
        if path == "/actions":
            self.start()
        elif path == "/vm":
            self.pause()
        elif path == "/snapshot/create":
            self.save(body["snapshot_path"], body["mem_file_path"])
        elif path == "/snapshot/load":
            self.load(body["snapshot_path"], body["mem_backend"])
        else:
            self.has[path] = body

    def start(self):
        if "/boot-source" not in self.has:
            raise Fault("Cannot start microvm without kernel configuration.")
        with open(self.has["/boot-source"]["kernel_image_path"], "rb") as kernel:
            if kernel.read(4) != b"\x7fELF":
                raise Fault("Kernel Loader: Invalid ELF magic number")
        self.spawn()
        self.state = "Running"

    def spawn(self, *more):
        devices = []
        if "/vsock" in self.has:
            vsock = self.has["/vsock"]
            run(VSOCK, "--vm", f"guest-cid={vsock['guest_cid']},uds-path={vsock['uds_path']},socket=vhost")
            until(lambda: os.path.exists("vhost"))
            devices += ["-chardev", "socket,id=vsock,path=vhost"]
            if not more:
                # With event_idx one lost notification at the start leaves a guest without connections for ever.
                devices += ["-device", "vhost-user-vsock-pci,id=vsock,chardev=vsock,bus=bridge,event_idx=off"]
        if "/entropy" in self.has:
            devices += ["-device", "virtio-rng-pci"]
        drive = self.has["/drives/root"]
        read_only = "on" if drive["is_read_only"] else "off"
        config, boot = self.has["/machine-config"], self.has["/boot-source"]
        self.qemu = run(
            QEMU, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-S",
            "-machine", "q35,usb=off,vmport=off,memory-backend=ram", "-accel", "tcg,tb-size=128", "-cpu", "max",
            "-object", f"memory-backend-memfd,id=ram,size={config['mem_size_mib']}M,share=on",
            "-m", f"{config['mem_size_mib']}M", "-smp", str(config["vcpu_count"]),
            "-kernel", boot["kernel_image_path"], "-initrd", boot["initrd_path"],
            "-append", boot["boot_args"] + " no_timer_check",
            "-drive", f"if=none,id=root,format=raw,readonly={read_only},file={drive['path_on_host']}",
            "-device", "virtio-blk-pci,drive=root", "-device", "pcie-root-port,id=bridge,chassis=1",
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
            "-qmp", "unix:monitor,server=on,wait=off", *devices, *more,
        )
        self.monitor = Monitor("monitor")
        if not more:
            self.monitor.execute("cont")

    def pause(self):
        self.monitor.execute("device_del", id="vsock")
        self.monitor.wait_for("DEVICE_DELETED")
        self.monitor.execute("stop")
        self.state = "Paused"

    def save(self, devices, memory):
        self.monitor.execute("migrate", uri=f"exec:cat > {memory}")
        until(lambda: self.monitor.execute("query-migrate")["status"] == "completed")
        with open(devices, "w") as file:
            json.dump(self.has, file)

    def load(self, devices, memory):
        if self.has:
            raise Fault("Loading a microVM snapshot not allowed after configuring boot-specific resources.")
        hold(memory, MEMORY_BACKEND)
        with open(devices) as file:
            self.has = json.load(file)
        self.spawn("-incoming", f"exec:cat {memory['backend_path']}")
        until(lambda: self.monitor.execute("query-status")["status"] != "inmigrate")
        vsock = {"driver": "vhost-user-vsock-pci", "id": "vsock", "chardev": "vsock", "bus": "bridge", "event_idx": False}
        self.monitor.execute("device_add", **vsock)
        self.monitor.execute("cont")
        self.state = "Running"

    def end_with_qemu(self, *_signal):
        if self.qemu is not None and self.qemu.poll() is not None:
            os._exit(0 if self.qemu.returncode == 0 else 1)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do(self):
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.server.machine.ask(self.command, self.path, body)
            self.send_response(204)
            self.end_headers()
        except (Fault, OSError, ValueError, KeyError) as error:
            said = json.dumps({"fault_message": str(error)}).encode()
            self.send_response(400)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    do_PUT = do_PATCH = do

    def log_message(self, *_arguments):
        pass


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"Firecracker v{VERSION}\n")
        return
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--api-sock", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--level", choices=["Off", "Trace", "Debug", "Info", "Warn", "Error"])
    arguments = parser.parse_args()
    machine = Machine()
    signal.signal(signal.SIGCHLD, machine.end_with_qemu)
    with socketserver.UnixStreamServer(arguments.api_sock, Handler) as server:
        server.machine = machine
        server.serve_forever()


main()
