//! What a box is, from outside (`docker inspect`) and from inside (a program that looks around).

use assize::config::Startup;
use assize::contract::{Judgement, Verdict};
use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;
use serde_json::{Value, json};

use crate::judge::{JudgeFixture, python, submission};
use crate::waiting::eventually;

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
others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
print(json.dumps({
    "uid": os.getresuid(), "gid": os.getresgid(), "groups": os.getgroups(),
    "capabilities": [me[key].strip() for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privileges": me["NoNewPrivs"].strip(), "seccomp": me["Seccomp"].strip(),
    "runner_seccomp": status(1)["Seccomp"].strip(),
    "processes": len(others),
    "descriptors": sorted(os.listdir("/proc/self/fd"))[:3], "descriptor_count": len(os.listdir("/proc/self/fd")) - 1,
    "interfaces": sorted(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]),
    "root": table["/"][1], "writable": [path for path in ("/", "/usr", "/etc", "/dev", "/proc", "/sys", "/var", "/work", "/tmp", "/dev/shm", "/dev/mqueue") if writable(path)],
    "tmpfs": {path: sorted(set(table[path]) & {"tmpfs", "nosuid", "nodev", "noexec"}) for path in ("/work", "/tmp", "/dev/shm")},
    "capped": all(any(option.startswith("size=") for option in table[path]) and any(option.startswith("nr_inodes=") for option in table[path]) for path in ("/work", "/tmp", "/dev/shm")),
    "core": resource.getrlimit(resource.RLIMIT_CORE), "files": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    "secrets": [path for pid in others for path in (f"/proc/{pid}/{name}" for name in ("mem", "maps", "environ", "fd/0", "cwd")) if opens(path)],
    "programs": [path for path in ("/bin/sh", "/bin/bash", "/usr/bin/sh", "/usr/bin/dash", "/usr/bin/perl", "/usr/bin/apt", "/usr/bin/apt-get", "/usr/bin/dpkg", "/usr/bin/gcc", "/usr/bin/cc", "/usr/bin/pip", "/usr/bin/pip3", "/usr/bin/busybox", "/usr/bin/curl", "/usr/bin/su", "/usr/bin/mount") if os.path.exists(path)],
    "setuid": setuid_files(), "docker_socket": os.path.exists("/var/run/docker.sock") or os.path.exists("/run/docker.sock"),
    "environment": sorted(os.environ), "directory": os.getcwd(), "listing": sorted(os.listdir(".")),
}))
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_in_a_box_has_no_right_sees_nobody_and_reaches_nothing() {
    // The runner, and where programs are forked, the zygote.
    for (startup, others) in [(Startup::Exec, 1), (Startup::Fork, 2)] {
        let fixture = JudgeFixture::with(|settings| {
            settings.judge.excerpt_bytes = 16 << 10;
            python(settings).startup = startup;
        })
        .await;
        let mut witness = submission(WITNESS, "", "");
        // It looks at every file, which takes long on a slow file system.
        (witness.limits.cpu_ms, witness.limits.wall_ms) = (Some(20_000), Some(60_000));
        let judgement = fixture.judge(&witness).await;
        fixture.close().await;
        assert_nothing_is_seen(&judgement, others);
    }
}

fn assert_nothing_is_seen(judgement: &Judgement, others: usize) {
    let test = &judgement.tests[0];
    assert_eq!(test.exit_code, Some(0), "{}", test.stderr.text);
    let seen: Value = serde_json::from_str(&test.stdout.text).unwrap();
    let scratch = json!(["nodev", "noexec", "nosuid", "tmpfs"]);
    let user = seen["uid"][0].as_u64().unwrap();
    assert!((10_001..10_257).contains(&user), "{user}");
    let expected = json!({
        "uid": [user, user, user], "gid": [10001, 10001, 10001], "groups": [10001],
        "capabilities": vec!["0000000000000000"; 5],
        "no_new_privileges": "1", "seccomp": "2", "runner_seccomp": "2",
        "processes": others,
        "descriptors": ["0", "1", "2"], "descriptor_count": 3,
        "interfaces": ["lo"],
        "root": "ro", "writable": ["/work", "/tmp", "/dev/shm"],
        "tmpfs": { "/work": scratch, "/tmp": scratch, "/dev/shm": scratch },
        "capped": true,
        "core": [0, 0], "files": 256,
        "secrets": [],
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
    let fixture = JudgeFixture::open().await;
    let sleeper = submission("import time\ntime.sleep(1)", "", "");
    let both = async {
        let found = inspect(&format!("io.assize.purpose={}", sleeper.id)).await;
        let network = found["HostConfig"]["NetworkMode"].as_str().unwrap();
        let kept = inspect_one(network.trim_start_matches("container:")).await;
        (found, kept)
    };
    let (judgement, (found, kept)) = tokio::join!(fixture.judge(&sleeper), both);
    fixture.close().await;
    assert_eq!(judgement.verdict, Verdict::Ac);
    let host = &found["HostConfig"];
    let walls = [
        ("CapDrop", json!(["ALL"])),
        ("Privileged", json!(false)),
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
        // The two threads of the runner and the zygote count too.
        ("PidsLimit", json!(32 + 3)),
        ("RestartPolicy", json!({ "Name": "no", "MaximumRetryCount": 0 })),
        ("LogConfig", json!({ "Type": "none", "Config": {} })),
        ("Init", json!(false)),
    ];
    for (what, value) in walls {
        let seen = &host[what];
        let absent = value == json!([]) && seen.is_null();
        assert!(*seen == value || absent, "{what} is {seen}, expected {value}");
    }
    assert!(
        host["NanoCpus"] == 1_000_000_000 || host["CpusetCpus"].as_str().unwrap().parse::<u32>().is_ok(),
        "the box may use more than one CPU"
    );
    let network = host["NetworkMode"]
        .as_str()
        .unwrap()
        .strip_prefix("container:")
        .unwrap();
    assert_eq!(kept["Id"], network);
    assert_eq!(kept["HostConfig"]["NetworkMode"], "none");
    assert_eq!(kept["HostConfig"]["CapDrop"], json!(["ALL"]));
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
    assert!(found["Config"]["User"].as_str().unwrap().ends_with(":10001"));
    assert_eq!(found["Config"]["Labels"]["io.assize"], "1");
    let worker = assize::config::load(None).unwrap().worker.id;
    assert_eq!(found["Config"]["Labels"]["io.assize.worker"], worker);
    assert!(found["Config"]["Labels"]["io.assize.boot"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_are_judged_at_once_are_different_users() {
    let fixture = JudgeFixture::open().await;
    let programs = [(); 2].map(|()| submission("import os, time\ntime.sleep(1)\nprint(os.getuid())", "", ""));
    let (left, right) = tokio::join!(fixture.judge(&programs[0]), fixture.judge(&programs[1]));
    fixture.close().await;
    let users = [left, right].map(|judgement| judgement.tests[0].stdout.text.clone());
    assert!(
        users[0] != users[1] && users.iter().all(|user| user.len() == 6),
        "{users:?}"
    );
}

/// What Docker says about the box of a submission, as soon as it runs.
async fn inspect(label: &str) -> Value {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let filters = [("label".to_owned(), vec![label.to_owned()])].into();
    let mut seen = None;
    eventually("the box of a submission runs", async || {
        let options = ListContainersOptionsBuilder::new().filters(&filters).build();
        seen = docker.list_containers(Some(options)).await.unwrap().pop();
        seen.is_some()
    })
    .await;
    inspect_one(seen.unwrap().id.as_deref().unwrap()).await
}

async fn inspect_one(container: &str) -> Value {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let inspected = docker.inspect_container(container, None).await.unwrap();
    serde_json::to_value(inspected).unwrap()
}
