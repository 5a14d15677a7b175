//! The container that is asked for must be a box.
//!
//! Of the body of a request the proxy reads what differs from one box to the next: image, limits, placement, labels. From
//! these values it writes the body of a box anew, with the same code that a worker uses, and compares. Whatever else the
//! request holds, named or unheard of, makes a difference and is refused; what is sent on is the proxy's own.

#[cfg(test)]
mod tests;

use assize_docker_box::{
    BOOT, ContainerSpec, NETWORK_PURPOSE, NO_NETWORK, Owner, PURPOSE, Streams, WORK, WORKER, first_user,
    is_streams_mount, limits_update, user, user_number,
};
use bollard_stubs::models::{ContainerCreateBody, ContainerUpdateBody, HostConfig};
use serde_json::Value;
use uuid::Uuid;

use crate::boxes::{Resizable, Takes};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// Longest text of a label, and of a list of CPUs.
const LONGEST: usize = 1024;

/// Begins the name of a network that is another container's.
const OF_ANOTHER: &str = "container:";

/// Descriptors that a process in a box may have, at most.
const MOST_OPEN_FILES: u64 = 1 << 16;

/// What boxes may be like here.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub(crate) limits: Settings,
    /// The seccomp profile, as JSON.
    pub(crate) profile: String,
}

/// A box that may be made.
#[derive(Debug)]
pub(crate) struct BoxRequest {
    /// The request to the daemon; where it asks for a socket, without the directory of that.
    pub(crate) body: ContainerCreateBody,
    /// Whether it asks for a socket for its streams.
    pub(crate) asks_for_socket: bool,
    /// The container whose network it joins.
    pub(crate) joins: Option<String>,
    /// What it takes of what all boxes may have.
    pub(crate) takes: Takes,
}

impl BoxRequest {
    /// The user whom the proxy has chosen, of this number. A worker knows only which users its own boxes have.
    pub(crate) fn set_user(&mut self, number: usize) {
        self.body.user = Some(user(0, number));
    }
}

/// New limits of a box that it may have.
#[derive(Debug)]
pub(crate) struct LimitsRequest {
    /// The request to the daemon.
    pub(crate) body: Vec<u8>,
    pub(crate) asked: Resizable,
}

impl Bounds {
    /// Reads the request for a container.
    pub(crate) fn create(&self, body: &[u8]) -> Result<BoxRequest, Refusal> {
        let raw: Value = parse(body)?;
        let request: ContainerCreateBody = parse(body)?;
        let host = request.host_config.clone().unwrap_or_default();
        let network = host.network_mode.clone().unwrap_or_default();
        let spec = spec_of(&request, &host)?;
        self.check(&spec)?;
        let owner = Owner {
            worker: &label(&request, WORKER)?,
            boot: boot_of(&request)?,
            profile: &self.profile,
            runtime: &self.limits.runtime,
        };
        if network != NO_NETWORK && !network.starts_with(OF_ANOTHER) {
            return Err(Refusal::forbidden(format!("a box has no network {network:?}")));
        }
        let canonical = owner.create_request(&spec, network.clone());
        same(&raw, &canonical)?;
        Ok(BoxRequest {
            body: canonical,
            asks_for_socket: spec.streams != Streams::Daemon,
            joins: network.strip_prefix(OF_ANOTHER).map(str::to_owned),
            takes: Takes {
                memory_bytes: spec.memory_bytes,
                processes: spec.processes,
                cpus: spec.cpus,
                is_network: spec.purpose == NETWORK_PURPOSE,
            },
        })
    }

    /// Reads new limits of a box.
    pub(crate) fn update(&self, body: &[u8]) -> Result<LimitsRequest, Refusal> {
        let raw: Value = parse(body)?;
        let request: ContainerUpdateBody = parse(body)?;
        let spec = ContainerSpec {
            memory_bytes: unsigned(request.memory, "Memory")?,
            processes: unsigned(request.pids_limit, "PidsLimit")?,
            ..ContainerSpec::default()
        };
        self.check_limits(&spec)?;
        Ok(LimitsRequest {
            body: same(&raw, &limits_update(&spec))?,
            asked: Resizable {
                memory_bytes: spec.memory_bytes,
                processes: spec.processes,
            },
        })
    }

    fn check(&self, spec: &ContainerSpec) -> Result<(), Refusal> {
        if !self.limits.images.contains(&spec.image) {
            return Err(Refusal::forbidden(format!(
                "no box is made of the image {:?}; the setting `images` lists those that may be used",
                spec.image
            )));
        }
        self.check_limits(spec)
    }

    fn check_limits(&self, spec: &ContainerSpec) -> Result<(), Refusal> {
        let limits = &self.limits;
        for (what, asked, most) in [
            ("memory_bytes", spec.memory_bytes, limits.memory_bytes),
            ("processes", spec.processes, limits.processes),
            ("cpus", u64::from(spec.cpus), u64::from(limits.cpus)),
            // What is written counts as memory.
            ("memory_bytes", spec.scratch_bytes, limits.memory_bytes),
            ("memory_bytes", spec.file_bytes, limits.memory_bytes),
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
fn spec_of(request: &ContainerCreateBody, host: &HostConfig) -> Result<ContainerSpec, Refusal> {
    let work = host.tmpfs.as_ref().and_then(|tmpfs| tmpfs.get(WORK));
    let work: Vec<&str> = work.map(|options| options.split(',').collect()).unwrap_or_default();
    let cpuset = host.cpuset_cpus.clone().unwrap_or_default();
    let cpus = cpus_of(&cpuset, host.nano_cpus)?;
    Ok(ContainerSpec {
        image: request.image.clone().unwrap_or_default(),
        memory_bytes: unsigned(host.memory, "Memory")?,
        processes: unsigned(host.pids_limit, "PidsLimit")?,
        cpus,
        user: user_number(
            first_user(boot_of(request)?),
            request.user.as_deref().unwrap_or_default(),
        )
        .ok_or_else(|| Refusal::forbidden("a box has no such user"))?,
        cpuset,
        scratch_bytes: option(&work, "size=")?,
        scratch_inodes: option(&work, "nr_inodes=")?,
        executable_work: work.contains(&"exec"),
        file_bytes: ulimit(host, "fsize")?,
        open_files: ulimit(host, "nofile")?,
        purpose: label(request, PURPOSE)?,
        streams: streams_of(host),
    })
}

/// A directory that the request names makes a difference later, as only the proxy names one.
fn streams_of(host: &HostConfig) -> Streams {
    let mut mounts = host.mounts.iter().flatten();
    match mounts.any(is_streams_mount) {
        true => Streams::Socket(String::new()),
        false => Streams::Daemon,
    }
}

/// CPUs that a box may keep busy: those of its list, or its quota where it has none. Docker takes a quota of 0 for none.
fn cpus_of(cpuset: &str, nano_cpus: Option<i64>) -> Result<u32, Refusal> {
    if cpuset.is_empty() {
        let quota = u32::try_from(nano_cpus.unwrap_or(0) / 1_000_000_000).ok();
        return quota
            .filter(|cpus| *cpus > 0)
            .ok_or_else(|| Refusal::forbidden("a box without CPUs of its own has whole NanoCpus"));
    }
    let counted = (cpuset.len() <= LONGEST).then(|| cpuset.split(',').map(cpus_in).sum::<Option<u32>>());
    counted
        .flatten()
        .ok_or_else(|| Refusal::forbidden("CpusetCpus is no list of CPUs"))
}

/// How many CPUs a part of a list names, such as `2` or `4-7` (`cpuset(7)`).
fn cpus_in(part: &str) -> Option<u32> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|_number| text.len() <= 5);
    match part.split_once('-') {
        None => number(part).map(|_cpu| 1),
        Some((first, last)) => number(last)?.checked_sub(number(first)?).map(|more| more + 1),
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
    serde_json::from_slice(body)
        .map_err(|error| Refusal::forbidden(format!("its body is no request for a box: {error}")))
}

fn label(request: &ContainerCreateBody, name: &str) -> Result<String, Refusal> {
    let value = request.labels.as_ref().and_then(|labels| labels.get(name));
    value
        .filter(|value| value.len() <= LONGEST)
        .cloned()
        .ok_or_else(|| Refusal::forbidden(format!("a box has a label {name}")))
}

fn boot_of(request: &ContainerCreateBody) -> Result<Uuid, Refusal> {
    let boot = label(request, BOOT)?;
    Uuid::try_parse(&boot).map_err(|_error| Refusal::forbidden(format!("{} is no UUID", BOOT)))
}

fn unsigned(value: Option<i64>, name: &str) -> Result<u64, Refusal> {
    let value = value
        .and_then(|value| u64::try_from(value).ok())
        .filter(|value| *value > 0);
    value.ok_or_else(|| Refusal::forbidden(format!("a box has a limit {name}")))
}

/// A number among the options of the tmpfs of the work directory, such as `size=`.
fn option(options: &[&str], name: &str) -> Result<u64, Refusal> {
    let value = options
        .iter()
        .find_map(|option| option.strip_prefix(name)?.parse().ok())
        // The kernel takes 0 for "as much as there is" (tmpfs(5)).
        .filter(|value| *value > 0);
    value.ok_or_else(|| Refusal::forbidden(format!("the tmpfs of {WORK} has a {name} above 0")))
}

fn ulimit(host: &HostConfig, name: &str) -> Result<u64, Refusal> {
    let mut limits = host.ulimits.iter().flatten();
    let found = limits.find(|limit| limit.name.as_deref() == Some(name));
    unsigned(found.and_then(|limit| limit.hard), name)
}
