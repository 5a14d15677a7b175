//! What a box is, from outside (`docker inspect`) and from inside (a program that looks around).

use assize::contract::Verdict;
use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;
use serde_json::{Value, json};

use crate::court::{Court, submission};

/// Prints as JSON what a judged program sees of its box. It works without numpy and without any other process.
const WITNESS: &str = r#"
import json, os, resource

def status(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)

def opens(path):
    try:
        os.close(os.open(path, os.O_RDONLY))
        return True
    except OSError:
        return False

def writable(path):
    try:
        with open(os.path.join(path, "probe"), "w"):
            return True
    except OSError:
        return False

def mounts():
    with open("/proc/self/mounts") as file:
        return {fields[1]: [fields[2], *fields[3].split(",")] for fields in map(str.split, file)}

def setuid_files():
    found = []
    for root in ("/usr", "/etc", "/lib", "/bin", "/sbin"):
        for directory, _, names in os.walk(root):
            for name in names:
                path = os.path.join(directory, name)
                if os.lstat(path).st_mode & 0o6000 and not os.path.islink(path):
                    found.append(path)
    return found

me = status("self")
table = mounts()
print(json.dumps({
    "uid": os.getresuid(), "gid": os.getresgid(), "groups": os.getgroups(),
    "capabilities": [me[key].strip() for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privileges": me["NoNewPrivs"].strip(), "seccomp": me["Seccomp"].strip(),
    "runner_seccomp": status(1)["Seccomp"].strip(),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()),
    "descriptors": sorted(os.listdir("/proc/self/fd"))[:3], "descriptor_count": len(os.listdir("/proc/self/fd")) - 1,
    "interfaces": sorted(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]),
    "root": table["/"][1], "writable": [path for path in ("/", "/usr", "/etc", "/dev", "/proc", "/sys", "/var", "/work", "/tmp", "/dev/shm", "/dev/mqueue") if writable(path)],
    "tmpfs": {path: sorted(set(table[path]) & {"tmpfs", "nosuid", "nodev", "noexec"}) for path in ("/work", "/tmp", "/dev/shm")},
    "capped": all(any(option.startswith("size=") for option in table[path]) and any(option.startswith("nr_inodes=") for option in table[path]) for path in ("/work", "/tmp", "/dev/shm")),
    "core": resource.getrlimit(resource.RLIMIT_CORE), "files": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    "runner_secrets": [path for path in ("/proc/1/mem", "/proc/1/maps", "/proc/1/environ", "/proc/1/fd/0", "/proc/1/cwd") if opens(path)],
    "programs": [path for path in ("/bin/sh", "/bin/bash", "/usr/bin/sh", "/usr/bin/dash", "/usr/bin/perl", "/usr/bin/apt", "/usr/bin/apt-get", "/usr/bin/dpkg", "/usr/bin/gcc", "/usr/bin/cc", "/usr/bin/pip", "/usr/bin/pip3", "/usr/bin/busybox", "/usr/bin/curl", "/usr/bin/su", "/usr/bin/mount") if os.path.exists(path)],
    "setuid": setuid_files(), "docker_socket": os.path.exists("/var/run/docker.sock") or os.path.exists("/run/docker.sock"),
    "environment": sorted(os.environ), "directory": os.getcwd(), "listing": sorted(os.listdir(".")),
}))
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_in_a_box_has_no_right_sees_nobody_and_reaches_nothing() {
    let court = Court::with(|settings| settings.judge.excerpt_bytes = 16 << 10).await;
    let judgement = court.judge(&submission(WITNESS, "", "")).await;
    court.close().await;
    let test = &judgement.tests[0];
    assert_eq!(test.exit_code, Some(0), "{}", test.stderr.text);
    let seen: Value = serde_json::from_str(&test.stdout.text).unwrap();
    let scratch = json!(["nodev", "noexec", "nosuid", "tmpfs"]);
    let expected = json!({
        "uid": [10001, 10001, 10001], "gid": [10001, 10001, 10001], "groups": [10001],
        "capabilities": vec!["0000000000000000"; 5],
        "no_new_privileges": "1", "seccomp": "2", "runner_seccomp": "2",
        "processes": [1],
        "descriptors": ["0", "1", "2"], "descriptor_count": 3,
        "interfaces": ["lo"],
        "root": "ro", "writable": ["/work", "/tmp", "/dev/shm"],
        "tmpfs": { "/work": scratch, "/tmp": scratch, "/dev/shm": scratch },
        "capped": true,
        "core": [0, 0], "files": 256,
        "runner_secrets": [],
        "programs": [], "setuid": [], "docker_socket": false,
        "environment": ["HOME", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE"],
        "directory": "/work", "listing": ["main.py", "probe"],
    });
    for (what, value) in expected.as_object().unwrap() {
        assert_eq!(&seen[what], value, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_is_made_with_every_wall_up() {
    let court = Court::open().await;
    let sleeper = submission("import time\ntime.sleep(1)", "", "");
    let (judgement, found) = tokio::join!(court.judge(&sleeper), inspect(sleeper.id.to_string()));
    court.close().await;
    assert_eq!(judgement.verdict, Verdict::Ac);
    let host = &found["HostConfig"];
    let walls = [
        ("CapDrop", json!(["ALL"])),
        ("Privileged", json!(false)),
        ("NetworkMode", json!("none")),
        ("IpcMode", json!("none")),
        ("CgroupnsMode", json!("private")),
        ("PidMode", json!("")),
        ("UTSMode", json!("")),
        ("UsernsMode", json!("")),
        ("ReadonlyRootfs", json!(true)),
        ("Binds", Value::Null),
        ("Devices", json!([])),
        ("Memory", json!(128 << 20)),
        ("MemorySwap", json!(128 << 20)),
        ("PidsLimit", json!(33)),
        ("NanoCpus", json!(1_000_000_000)),
        ("RestartPolicy", json!({ "Name": "no", "MaximumRetryCount": 0 })),
        ("LogConfig", json!({ "Type": "none", "Config": {} })),
        ("Init", json!(false)),
    ];
    for (what, value) in walls {
        let seen = &host[what];
        let absent = value == json!([]) && seen.is_null();
        assert!(*seen == value || absent, "{what} is {seen}, expected {value}");
    }
    let options = host["SecurityOpt"].as_array().unwrap();
    assert!(options.contains(&json!("no-new-privileges:true")), "{options:?}");
    let profile = options
        .iter()
        .filter_map(Value::as_str)
        .find_map(|option| option.strip_prefix("seccomp="))
        .unwrap();
    let profile: Value = serde_json::from_str(profile).unwrap();
    assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
    let ulimits = |name: &str| {
        host["Ulimits"]
            .as_array()
            .unwrap()
            .iter()
            .find(|ulimit| ulimit["Name"] == name)
            .cloned()
    };
    assert_eq!(ulimits("core").unwrap()["Hard"], 0);
    assert!(ulimits("nofile").is_some() && ulimits("fsize").is_some());
    assert_eq!(found["Config"]["User"], "10001:10001");
    assert_eq!(found["Config"]["Labels"]["io.assize"], "1");
    let worker = assize::config::load(None).unwrap().worker.id;
    assert_eq!(found["Config"]["Labels"]["io.assize.worker"], worker);
    assert!(found["Config"]["Labels"]["io.assize.boot"].is_string());
}

/// What Docker says about the box of a submission, as soon as it runs.
async fn inspect(submission: String) -> Value {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let filters = [("label".to_owned(), vec![format!("io.assize.purpose={submission}")])].into();
    for _ in 0..600 {
        let options = ListContainersOptionsBuilder::new().filters(&filters).build();
        if let Some(found) = docker.list_containers(Some(options)).await.unwrap().pop() {
            let inspected = docker
                .inspect_container(found.id.as_deref().unwrap(), None)
                .await
                .unwrap();
            return serde_json::to_value(inspected).unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the box of {submission} was never seen");
}
