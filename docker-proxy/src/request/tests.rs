//! Requests for boxes, and for what is none.

use serde_json::json;

use super::*;

const PROFILE: &str = r#"{"defaultAction":"SCMP_ACT_ERRNO"}"#;

fn bounds() -> Bounds {
    Bounds {
        limits: Settings::load(None, []).unwrap(),
        profile: PROFILE.to_owned(),
    }
}

fn spec(cpuset: &str) -> ContainerSpec {
    ContainerSpec {
        image: "assize/python3:latest".to_owned(),
        memory_bytes: 256 << 20,
        processes: 64,
        cpus: 1,
        user: 3,
        cpuset: cpuset.to_owned(),
        scratch_bytes: 64 << 20,
        scratch_inodes: 1024,
        executable_work: cpuset.is_empty(),
        file_bytes: 64 << 20,
        open_files: 256,
        purpose: "warm".to_owned(),
        streams: Streams::Daemon,
    }
}

fn request(cpuset: &str, network: &str) -> Value {
    let owner = Owner {
        worker: "a worker",
        boot: Uuid::from_u128(0xfe << 120),
        profile: PROFILE,
        runtime: "",
    };
    serde_json::to_value(owner.create_request(&spec(cpuset), network.to_owned())).unwrap()
}

#[test]
fn a_box_as_a_worker_makes_it_is_let_through_unchanged() {
    for (cpuset, network, joins) in [
        ("", "none", None),
        ("2-3,5", "none", None),
        ("1", "container:assize-x", Some("assize-x")),
    ] {
        let request = request(cpuset, network);
        let asked = bounds().create(request.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(&asked.body).unwrap(), request);
        assert_eq!(asked.joins.as_deref(), joins);
    }
}

#[test]
fn every_difference_from_a_box_is_refused_and_named() {
    let table = [
        ("/HostConfig/Binds", json!(["/:/host"]), "HostConfig.Binds"),
        (
            "/HostConfig/Mounts",
            json!([{"Type": "bind", "Source": "/", "Target": "/x"}]),
            "HostConfig.Mounts",
        ),
        (
            "/HostConfig/Mounts",
            json!([{"Type": "bind", "Source": "", "Target": "/usr/lib/assize/streams"}]),
            "Cmd",
        ),
        ("/HostConfig/Privileged", json!(true), "HostConfig.Privileged"),
        ("/HostConfig/CapAdd", json!(["SYS_ADMIN"]), "HostConfig.CapAdd"),
        ("/HostConfig/CapDrop", json!(["NET_RAW"]), "HostConfig.CapDrop"),
        (
            "/HostConfig/Devices",
            json!([{"PathOnHost": "/dev/sda"}]),
            "HostConfig.Devices",
        ),
        (
            "/HostConfig/DeviceCgroupRules",
            json!(["a *:* rwm"]),
            "HostConfig.DeviceCgroupRules",
        ),
        ("/HostConfig/VolumesFrom", json!(["web"]), "HostConfig.VolumesFrom"),
        ("/HostConfig/PidMode", json!("host"), "HostConfig.PidMode"),
        ("/HostConfig/IpcMode", json!("host"), "HostConfig.IpcMode"),
        ("/HostConfig/UTSMode", json!("host"), "HostConfig.UTSMode"),
        ("/HostConfig/UsernsMode", json!("host"), "HostConfig.UsernsMode"),
        ("/HostConfig/CgroupnsMode", json!("host"), "HostConfig.CgroupnsMode"),
        ("/HostConfig/CgroupParent", json!("/"), "HostConfig.CgroupParent"),
        ("/HostConfig/NetworkMode", json!("host"), "network"),
        ("/HostConfig/NetworkMode", json!("bridge"), "network"),
        (
            "/HostConfig/SecurityOpt",
            json!(["no-new-privileges:true", "seccomp=unconfined"]),
            "HostConfig.SecurityOpt",
        ),
        (
            "/HostConfig/SecurityOpt/0",
            json!("no-new-privileges:false"),
            "HostConfig.SecurityOpt",
        ),
        ("/HostConfig/ReadonlyRootfs", json!(false), "HostConfig.ReadonlyRootfs"),
        ("/HostConfig/MaskedPaths", json!([]), "HostConfig.MaskedPaths"),
        ("/HostConfig/ReadonlyPaths", json!([]), "HostConfig.ReadonlyPaths"),
        (
            "/HostConfig/Sysctls",
            json!({"kernel.core_pattern": "|/x"}),
            "HostConfig.Sysctls",
        ),
        ("/HostConfig/Runtime", json!("other"), "HostConfig.Runtime"),
        ("/HostConfig/Tmpfs/~1etc", json!("rw"), "HostConfig.Tmpfs./etc"),
        (
            "/HostConfig/Tmpfs/~1work",
            json!("size=67108864,nr_inodes=1024,exec,suid"),
            "HostConfig.Tmpfs./work",
        ),
        ("/HostConfig/Memory", json!(0), "Memory"),
        ("/HostConfig/Memory", json!(1_u64 << 40), "memory_bytes"),
        ("/HostConfig/MemorySwap", json!(-1), "HostConfig.MemorySwap"),
        ("/HostConfig/PidsLimit", json!(-1), "PidsLimit"),
        ("/HostConfig/PidsLimit", json!(1_000_000), "processes"),
        ("/HostConfig/NanoCpus", json!(-1_000_000_000_i64), "NanoCpus"),
        // For Docker a quota of 0 is none at all.
        ("/HostConfig/NanoCpus", json!(0), "NanoCpus"),
        ("/HostConfig/NanoCpus", json!(null), "NanoCpus"),
        ("/HostConfig/CpusetCpus", json!("0;x"), "CpusetCpus"),
        ("/HostConfig/CpusetCpus", json!("0-64"), "cpus"),
        ("/HostConfig/CpusetCpus", json!("0-31,40-79"), "cpus"),
        ("/HostConfig/CpusetCpus", json!("7-3"), "CpusetCpus"),
        ("/HostConfig/CpusetCpus", json!("0-4294967295"), "CpusetCpus"),
        ("/HostConfig/Tmpfs/~1work", json!("size=0,nr_inodes=1024"), "size="),
        ("/HostConfig/Tmpfs/~1work", json!("size=4096,nr_inodes=0"), "nr_inodes="),
        (
            "/HostConfig/Tmpfs/~1tmp",
            json!("size=0,nr_inodes=0"),
            "HostConfig.Tmpfs./tmp",
        ),
        (
            "/HostConfig/LogConfig",
            json!({"Type": "syslog"}),
            "HostConfig.LogConfig",
        ),
        (
            "/HostConfig/RestartPolicy",
            json!({"Name": "always"}),
            "HostConfig.RestartPolicy",
        ),
        ("/HostConfig/Unheard", json!({"of": 1}), "HostConfig.Unheard"),
        ("/Image", json!("debian"), "debian"),
        ("/User", json!("0:0"), "user"),
        ("/User", json!("root"), "user"),
        ("/User", json!("10001:0"), "user"),
        ("/User", json!("10002:10001"), "user"),
        ("/User", json!("10257:10001"), "user"),
        ("/Cmd", json!(["sh"]), "Cmd"),
        ("/Entrypoint", json!(["/bin/sh"]), "Entrypoint"),
        ("/Env", json!(["LD_PRELOAD=/x"]), "Env"),
        ("/Volumes", json!({"/x": {}}), "Volumes"),
        ("/Tty", json!(true), "Tty"),
        ("/NetworkDisabled", json!(false), "NetworkDisabled"),
        (
            "/NetworkingConfig",
            json!({"EndpointsConfig": {"bridge": {}}}),
            "NetworkingConfig",
        ),
        ("/Healthcheck", json!({"Test": ["CMD", "x"]}), "Healthcheck"),
        ("/Labels/io.assize.boot", json!("x"), "io.assize.boot"),
        ("/Labels/io.assize", json!("2"), "Labels.io.assize"),
        ("/Labels/web", json!("1"), "Labels.web"),
        ("/Unheard", json!(true), "Unheard"),
    ];
    for (place, value, named) in table {
        let mut request = request("", "none");
        let (parent, key) = place.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        let parent = request.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            other => other[key] = value,
        }
        let refused = bounds().create(request.to_string().as_bytes()).unwrap_err().to_string();
        assert!(refused.contains(named), "{place}: {refused}");
    }
}

#[test]
fn what_a_box_must_have_cannot_be_left_out() {
    let whole = request("1", "none");
    let host = whole["HostConfig"].as_object().unwrap();
    for key in host.keys().filter(|key| !host[*key].is_null()) {
        let mut request = whole.clone();
        request["HostConfig"].as_object_mut().unwrap().remove(key);
        assert!(bounds().create(request.to_string().as_bytes()).is_err(), "{key}");
    }
    for body in ["", "{}", "[]", "{\"HostConfig\":{}}", "\u{0}"] {
        assert!(bounds().create(body.as_bytes()).is_err(), "{body:?}");
    }
}

#[test]
fn a_box_may_ask_for_a_socket_and_for_nothing_about_it() {
    let owner = Owner {
        worker: "a worker",
        boot: Uuid::from_u128(0xfe << 120),
        profile: PROFILE,
        runtime: "",
    };
    let spec = ContainerSpec {
        streams: Streams::Socket(String::new()),
        ..spec("1")
    };
    let good = serde_json::to_value(owner.create_request(&spec, "none".to_owned())).unwrap();
    let mut asked = bounds().create(good.to_string().as_bytes()).unwrap();
    assert!(asked.asks_for_socket);
    asked.set_user(7);
    assert_eq!(asked.body.user.as_deref(), Some("10009:10001"));
    for (key, value) in [
        ("Source", json!("/")),
        ("Source", json!("/run/assize-streams/assize-1-0/link")),
        ("Type", json!("volume")),
        ("ReadOnly", json!(false)),
        ("ReadOnly", json!(null)),
        ("BindOptions", json!({"Propagation": "rshared", "NonRecursive": true})),
        ("BindOptions", json!({"Propagation": "rprivate"})),
        ("TmpfsOptions", json!({"SizeBytes": 1})),
    ] {
        let mut request = good.clone();
        request["HostConfig"]["Mounts"][0][key] = value;
        assert!(bounds().create(request.to_string().as_bytes()).is_err(), "{key}");
    }
    let mut twice = good.clone();
    let mount = twice["HostConfig"]["Mounts"][0].clone();
    twice["HostConfig"]["Mounts"].as_array_mut().unwrap().push(mount);
    assert!(bounds().create(twice.to_string().as_bytes()).is_err());
}

#[test]
fn limits_are_changed_within_bounds_and_nothing_else_is() {
    let good = serde_json::to_value(limits_update(&spec("1"))).unwrap();
    bounds().update(good.to_string().as_bytes()).unwrap();
    for (key, value) in [
        ("Memory", json!(1_u64 << 40)),
        ("MemorySwap", json!(-1)),
        ("PidsLimit", json!(0)),
        ("CpuShares", json!(1024)),
        ("RestartPolicy", json!({"Name": "always"})),
        ("Devices", json!([])),
    ] {
        let mut request = good.clone();
        request[key] = value;
        assert!(bounds().update(request.to_string().as_bytes()).is_err(), "{key}");
    }
}
