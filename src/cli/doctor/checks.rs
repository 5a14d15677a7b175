//! What the Docker Engine is asked, and a box that is started.

use crate::attack::Trial;
use crate::cli::doctor::{Check, inside};
use crate::config::Settings;
use crate::sandbox::{EngineFacts, ask_engine, ask_image, share_out};

/// The oldest engine that boxes were tried on.
const OLDEST: (u32, u32) = (20, 10);

/// User of everything in a box, as the images name it.
const JUDGED: &str = "10001:10001";

/// What every image of a language starts first.
const RUNNER: &str = "/usr/lib/assize/runner";

/// What can be said of the engine; without one there is nothing more to say.
pub(super) async fn of_the_engine(settings: &Settings) -> Vec<Check> {
    let facts = match ask_engine(&settings.sandbox.docker).await {
        Ok(facts) => facts,
        Err(error) => {
            let remedy = "start the daemon, or set sandbox.docker.host; on Debian: apt-get install docker.io";
            return vec![Check::fail("docker", error.to_string(), remedy)];
        }
    };
    let mut checks = vec![
        version(&facts),
        socket(&facts),
        control_groups(&facts),
        limits(settings, &facts),
        seccomp(&facts),
        privileges(&facts),
        runtime(settings, &facts),
    ];
    checks.extend(images(settings).await);
    checks.extend(a_box(settings).await);
    checks
}

fn version(facts: &EngineFacts) -> Check {
    let mut parts = facts.version.split('.').map_while(|part| part.parse::<u32>().ok());
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let found = format!(
        "{} (API {}), kernel {}, {}",
        facts.version, facts.api_version, facts.kernel, facts.storage_driver
    );
    if version < OLDEST {
        return Check::fail("docker", found, "update to 20.10 or newer");
    }
    Check::ok("docker", found)
}

fn socket(facts: &EngineFacts) -> Check {
    use std::os::unix::fs::MetadataExt as _;
    const NAME: &str = "docker socket";
    let path = facts.host.trim_start_matches("unix://");
    if facts.filtered {
        return Check::ok(NAME, format!("{path}, where boxes can be made and nothing else"));
    }
    match std::fs::metadata(path) {
        Ok(found) if found.mode() & 0o002 != 0 => Check::fail(
            NAME,
            format!("{path} can be written by everybody, who so are root"),
            format!("chmod o-rwx {path}"),
        ),
        Ok(found) => Check::ok(
            NAME,
            format!("{path}, mode {:o}{}", found.mode() & 0o777, others(facts, &found)),
        ),
        Err(error) => Check::warn(NAME, format!("{path}: {error}"), "look at its permissions yourself"),
    }
}

/// Whoever may write to the socket of a daemon that is root is root.
fn others(facts: &EngineFacts, socket: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    if socket.mode() & 0o020 == 0 || socket.gid() == 0 || has_option(facts, "rootless") {
        return String::new();
    }
    format!(": whoever is in its group {} is root", socket.gid())
}

fn control_groups(facts: &EngineFacts) -> Check {
    const NAME: &str = "control groups";
    if facts.no_control_groups {
        let remedy = match facts.cgroup_version {
            Some(1) => "boot with systemd.unified_cgroup_hierarchy=1, or use a daemon that is root",
            _ => {
                "let the user's systemd have the controllers cpu, cpuset, memory and pids (Delegate=), and start it there"
            }
        };
        let version = facts
            .cgroup_version
            .map_or_else(|| "?".to_owned(), |version| version.to_string());
        return Check::fail(
            NAME,
            format!("version {version}, and this daemon may use none: no limit of a box would hold"),
            remedy,
        );
    }
    match facts.cgroup_version {
        Some(2) => Check::ok(NAME, "version 2"),
        Some(version) => Check::warn(
            NAME,
            format!("version {version}"),
            "every limit holds; boot with systemd.unified_cgroup_hierarchy=1 for what the kernel still develops",
        ),
        None => Check::warn(NAME, "the daemon does not say which", "see `docker info`"),
    }
}

fn limits(settings: &Settings, facts: &EngineFacts) -> Check {
    const NAME: &str = "limits";
    let missing = facts.missing_limits();
    if !missing.is_empty() {
        return Check::fail(
            NAME,
            format!(
                "the daemon cannot limit {}; a worker refuses to use it",
                missing.join(" and ")
            ),
            "enable the controllers (cgroup_enable=memory), or delegate them to a rootless daemon",
        );
    }
    if !facts.swap_limit && has_swap() {
        return Check::fail(
            NAME,
            "swap is on and cannot be limited: memory limits do not hold",
            "swapoff -a, or boot with swapaccount=1",
        );
    }
    if settings.sandbox.pin_cpus && !facts.cpuset {
        return Check::warn(
            NAME,
            "boxes cannot be bound to CPUs, and have no other limit of them",
            "delegate the controller cpuset, or set sandbox.pin_cpus = false",
        );
    }
    Check::ok(NAME, "memory, processes, CPUs, swap")
}

/// One line of `/proc/swaps` is its heading.
fn has_swap() -> bool {
    std::fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.lines().count() > 1)
}

fn seccomp(facts: &EngineFacts) -> Check {
    const NAME: &str = "seccomp";
    if has_option(facts, "seccomp") {
        return Check::ok(NAME, "the kernel and the daemon know filters");
    }
    let remedy = "use a kernel with CONFIG_SECCOMP_FILTER and a daemon built with it";
    Check::fail(NAME, "the daemon does not load filters", remedy)
}

fn privileges(facts: &EngineFacts) -> Check {
    const NAME: &str = "daemon's rights";
    if has_option(facts, "rootless") {
        return Check::ok(NAME, "rootless: root in a box would be nobody on the host");
    }
    if has_option(facts, "userns") {
        return Check::ok(NAME, "user namespaces: root in a box would be nobody on the host");
    }
    let remedy = "nothing in a box is root; for one wall more, run the daemon rootless or with userns-remap";
    Check::warn(NAME, "containers share the host's user ids", remedy)
}

fn has_option(facts: &EngineFacts, name: &str) -> bool {
    let wanted = format!("name={name}");
    facts
        .security_options
        .iter()
        .any(|option| option.split(',').any(|part| part == wanted))
}

fn runtime(settings: &Settings, facts: &EngineFacts) -> Check {
    const NAME: &str = "runtime";
    let wanted = &settings.sandbox.docker.runtime;
    if !wanted.is_empty() && !facts.runtimes.contains(wanted) {
        return Check::fail(
            NAME,
            format!(
                "sandbox.docker.runtime = {wanted:?}, the daemon has {}",
                facts.runtimes.join(", ")
            ),
            "add it to the daemon's runtimes (daemon.json), or change the setting",
        );
    }
    let used = facts.runtimes.first().filter(|_| wanted.is_empty()).unwrap_or(wanted);
    let others: Vec<&str> = facts
        .runtimes
        .iter()
        .filter(|name| *name != used)
        .map(String::as_str)
        .collect();
    Check::ok(NAME, format!("{used} (others: {})", others.join(", ")))
}

async fn images(settings: &Settings) -> Vec<Check> {
    const NAME: &str = "image";
    let docker = &settings.sandbox.docker;
    let validators = [&settings.validators.environment, &settings.validators.toolchain];
    let languages = settings.languages.values().map(|language| &language.environment);
    let mut wanted: Vec<&str> = languages.chain(validators).map(|name| docker.image(name)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut checks = Vec::new();
    for image in wanted {
        checks.push(match ask_image(docker, image).await {
            Err(error) => Check::fail(NAME, error.to_string(), "look at the daemon"),
            Ok(None) => Check::fail(NAME, format!("{image} is not here"), "make images"),
            Ok(Some(facts)) if facts.user != JUDGED || !facts.volumes.is_empty() => Check::fail(
                NAME,
                format!("{image} runs as {:?} and shares {:?}", facts.user, facts.volumes),
                "build it with docker/images.sh: user 10001, no volume",
            ),
            Ok(Some(facts)) if facts.entry_point.first().is_none_or(|first| first != RUNNER) => Check::fail(
                NAME,
                format!("{image} starts {:?}", facts.entry_point),
                "build it with docker/images.sh: its entry point is the runner",
            ),
            Ok(Some(facts)) => {
                let digest: String = facts.id.trim_start_matches("sha256:").chars().take(12).collect();
                Check::ok(NAME, format!("{image} ({digest})"))
            }
        });
    }
    checks
}

/// With everything that judging needs: the profile, the limits, the runner of this version.
async fn a_box(settings: &Settings) -> Vec<Check> {
    const NAME: &str = "a box";
    let remedy = "see the lines above, and the log of the daemon";
    let slots = match share_out(&settings.sandbox, 1) {
        Ok(shares) => shares.slots,
        Err(error) => return vec![Check::fail(NAME, error.to_string(), "correct the setting")],
    };
    let startup = settings.languages.get("python3").map(|python| python.startup);
    let trial = match Trial::open(settings, slots, startup.unwrap_or_default(), None).await {
        Ok(trial) => trial,
        Err(error) => return vec![Check::fail(NAME, error.to_string(), remedy)],
    };
    let mut checks = Vec::new();
    match trial.honest().await {
        Ok(ms) => {
            checks.push(Check::ok(
                NAME,
                format!("judges a program in {ms} ms, its start included"),
            ));
            checks.extend(inside::checks(&trial).await);
        }
        Err(reason) => checks.push(Check::fail(NAME, reason, remedy)),
    }
    trial.close().await;
    checks
}
