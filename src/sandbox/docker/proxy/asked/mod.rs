//! The container that is asked for must be a box.
//!
//! Of the body of a request the proxy reads what differs from one box to the next: image, limits, placement, labels. From
//! these values it writes the body of a box anew, with the same code that a worker uses, and compares. Whatever else the
//! request holds, named or unheard of, makes a difference and is refused; what is sent on is the proxy's own.

#[cfg(test)]
mod tests;

use assize_protocol::RUNNER_PROCESSES;
use bollard::models::{ContainerCreateBody, ContainerUpdateBody, HostConfig};
use serde_json::Value;
use uuid::Uuid;

use super::refusal::Refusal;
use crate::config::DockerProxySettings;
use crate::sandbox::docker::host_config::{NO_NETWORK, WORK, limits_update, slot_of};
use crate::sandbox::docker::wish::{Maker, PURPOSE, WORKER, first_user};
use crate::sandbox::docker::{network, sweep};
use crate::sandbox::{BoxRole, BoxSpec, SlotPlacement};

/// Longest text of a label, and of a list of CPUs.
const LONGEST: usize = 1024;

/// Begins the name of a network that is another container's.
const OF_ANOTHER: &str = "container:";

/// Descriptors that a process in a box may have, at most.
const MOST_OPEN_FILES: u64 = 1 << 16;

/// What boxes may be like here.
#[derive(Debug)]
pub(super) struct Bounds {
    pub(super) images: Vec<String>,
    pub(super) limits: DockerProxySettings,
    pub(super) profile: String,
    pub(super) runtime: String,
}

/// A box that may be made.
#[derive(Debug)]
pub(super) struct Asked {
    /// The request to the daemon.
    pub(super) body: Vec<u8>,
    /// The container whose network it joins.
    pub(super) joins: Option<String>,
    /// Whether others may join its network.
    pub(super) is_network: bool,
}

impl Bounds {
    /// Reads the wish for a container.
    pub(super) fn create(&self, body: &[u8]) -> Result<Asked, Refusal> {
        let raw: Value = parse(body)?;
        let wish: ContainerCreateBody = parse(body)?;
        let host = wish.host_config.clone().unwrap_or_default();
        let network = host.network_mode.clone().unwrap_or_default();
        let spec = spec_of(&wish, &host)?;
        let image = wish.image.clone().unwrap_or_default();
        self.check(&image, &spec)?;
        let maker = Maker {
            worker: &label(&wish, WORKER)?,
            boot: boot_of(&wish)?,
            profile: &self.profile,
            runtime: &self.runtime,
            image: &image,
        };
        if network != NO_NETWORK && !network.starts_with(OF_ANOTHER) {
            return Err(Refusal::forbidden(format!("a box has no network {network:?}")));
        }
        let canonical = same(&raw, &maker.wish(&spec, network.clone()))?;
        Ok(Asked {
            body: canonical,
            joins: network.strip_prefix(OF_ANOTHER).map(str::to_owned),
            is_network: spec.purpose == network::PURPOSE,
        })
    }

    /// Reads new limits of a box.
    pub(super) fn update(&self, body: &[u8]) -> Result<Vec<u8>, Refusal> {
        let raw: Value = parse(body)?;
        let wish: ContainerUpdateBody = parse(body)?;
        let spec = BoxSpec {
            memory_bytes: unsigned(wish.memory, "Memory")?,
            processes: processes(wish.pids_limit)?,
            ..nothing()
        };
        self.check_limits(&spec)?;
        same(&raw, &limits_update(&spec))
    }

    fn check(&self, image: &String, spec: &BoxSpec) -> Result<(), Refusal> {
        if !self.images.contains(image) {
            return Err(Refusal::forbidden(format!(
                "no box is made of the image {image:?}; images are those of sandbox.docker.images and docker_proxy.images"
            )));
        }
        self.check_limits(spec)
    }

    fn check_limits(&self, spec: &BoxSpec) -> Result<(), Refusal> {
        let limits = &self.limits;
        for (what, asked, most) in [
            ("docker_proxy.memory_bytes", spec.memory_bytes, limits.memory_bytes),
            ("docker_proxy.processes", spec.all_processes(), limits.processes),
            ("docker_proxy.cpus", u64::from(spec.cpus), u64::from(limits.cpus)),
            // What is written counts as memory.
            ("docker_proxy.memory_bytes", spec.scratch_bytes, limits.memory_bytes),
            ("docker_proxy.memory_bytes", spec.file_bytes, limits.memory_bytes),
            ("open files of a box", spec.open_files, MOST_OPEN_FILES),
        ] {
            if asked > most {
                return Err(Refusal::forbidden(format!("{asked} is above {what} = {most}")));
            }
        }
        Ok(())
    }
}

/// What differs from one box to the next. What cannot be read here makes a difference later.
fn spec_of(wish: &ContainerCreateBody, host: &HostConfig) -> Result<BoxSpec, Refusal> {
    let work = host.tmpfs.as_ref().and_then(|tmpfs| tmpfs.get(WORK));
    let work: Vec<&str> = work.map(|options| options.split(',').collect()).unwrap_or_default();
    let cpuset = host.cpuset_cpus.clone().unwrap_or_default();
    if cpuset.len() > LONGEST
        || !cpuset
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b",-".contains(&byte))
    {
        return Err(Refusal::forbidden("CpusetCpus is no list of CPUs"));
    }
    let cpus = u32::try_from(host.nano_cpus.unwrap_or(0) / 1_000_000_000);
    let (slot, role) = slot_of(first_user(boot_of(wish)?), wish.user.as_deref().unwrap_or_default())
        .ok_or_else(|| Refusal::forbidden("a box has no such user"))?;
    Ok(BoxSpec {
        role,
        memory_bytes: unsigned(host.memory, "Memory")?,
        processes: processes(host.pids_limit)?,
        cpus: cpus.map_err(|_negative| Refusal::forbidden("NanoCpus is negative"))?,
        placement: SlotPlacement { slot, cpuset },
        scratch_bytes: option(&work, "size=")?,
        scratch_inodes: option(&work, "nr_inodes=")?,
        executable_work: work.contains(&"exec"),
        file_bytes: ulimit(host, "fsize")?,
        open_files: ulimit(host, "nofile")?,
        purpose: label(wish, PURPOSE)?,
        ..nothing()
    })
}

fn nothing() -> BoxSpec {
    BoxSpec {
        environment: String::new(),
        role: BoxRole::default(),
        memory_bytes: 0,
        processes: 0,
        cpus: 0,
        placement: SlotPlacement::default(),
        scratch_bytes: 0,
        scratch_inodes: 0,
        executable_work: false,
        file_bytes: 0,
        open_files: 0,
        zygote: None,
        purpose: String::new(),
    }
}

/// The proxy's own body, when the request's is the same.
fn same<T: serde::Serialize>(raw: &Value, canonical: &T) -> Result<Vec<u8>, Refusal> {
    let canonical = serde_json::to_value(canonical).map_err(|error| Refusal::forbidden(error.to_string()))?;
    match difference(raw, &canonical) {
        None => Ok(canonical.to_string().into_bytes()),
        Some(place) => Err(Refusal::forbidden(format!("{place} is not as in a box"))),
    }
}

/// Where two values differ first, such as `HostConfig.Binds`.
fn difference(asked: &Value, canonical: &Value) -> Option<String> {
    let (Value::Object(left), Value::Object(right)) = (asked, canonical) else {
        return (asked != canonical).then(String::new);
    };
    let differs = left.iter().find_map(|(key, asked)| {
        let inner = difference(asked, right.get(key).unwrap_or(&Value::Null))?;
        Some(join(key, &inner))
    });
    differs.or_else(|| right.keys().find(|key| !left.contains_key(*key)).cloned())
}

fn join(key: &str, inner: &str) -> String {
    if inner.is_empty() {
        key.to_owned()
    } else {
        format!("{key}.{inner}")
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::forbidden(format!("its body is no wish for a box: {error}")))
}

fn label(wish: &ContainerCreateBody, name: &str) -> Result<String, Refusal> {
    let value = wish.labels.as_ref().and_then(|labels| labels.get(name));
    value
        .filter(|value| value.len() <= LONGEST)
        .cloned()
        .ok_or_else(|| Refusal::forbidden(format!("a box has a label {name}")))
}

fn boot_of(wish: &ContainerCreateBody) -> Result<Uuid, Refusal> {
    let boot = label(wish, sweep::LABEL)?;
    Uuid::try_parse(&boot).map_err(|_error| Refusal::forbidden(format!("{} is no UUID", sweep::LABEL)))
}

fn unsigned(value: Option<i64>, name: &str) -> Result<u64, Refusal> {
    let value = value
        .and_then(|value| u64::try_from(value).ok())
        .filter(|value| *value > 0);
    value.ok_or_else(|| Refusal::forbidden(format!("a box has a limit {name}")))
}

/// Those of programs: a box whose limit leaves room for the runner only runs none. Nothing is known of a zygote here, so
/// its process counts as a program's.
fn processes(limit: Option<i64>) -> Result<u64, Refusal> {
    let all = unsigned(limit, "PidsLimit")?;
    all.checked_sub(RUNNER_PROCESSES)
        .ok_or_else(|| Refusal::forbidden("a box has room for its runner"))
}

fn option(options: &[&str], name: &str) -> Result<u64, Refusal> {
    let value = options
        .iter()
        .find_map(|option| option.strip_prefix(name)?.parse().ok());
    value.ok_or_else(|| Refusal::forbidden(format!("the tmpfs of {WORK} has a {name}")))
}

fn ulimit(host: &HostConfig, name: &str) -> Result<u64, Refusal> {
    let mut limits = host.ulimits.iter().flatten();
    let found = limits.find(|limit| limit.name.as_deref() == Some(name));
    unsigned(found.and_then(|limit| limit.hard), name)
}
