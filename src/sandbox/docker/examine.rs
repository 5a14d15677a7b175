//! What the daemon says about itself and its host, held against what boxes need.

use std::os::unix::fs::MetadataExt as _;

use assize_docker_box::REFUSED_BY_PROXY;
use bollard::models::{
    ImageInspect, SystemInfo, SystemInfoCgroupDriverEnum, SystemInfoCgroupVersionEnum, SystemVersion,
};
use semver::Version;

use crate::config::{DockerSettings, SandboxSettings};
use crate::sandbox::Check;
use crate::sandbox::docker::build::{BASE, BASE_NAME};
use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::runtime::{REMEDY, Runtime, Support};
use crate::sandbox::docker::setup::{MissingLimit, has_swap, missing_limits, names};
use crate::sandbox::holes;

/// The oldest engine that boxes were tried on.
const OLDEST: Version = Version::new(20, 10, 0);

/// User of everything in a box, as the images name it.
const JUDGED: &str = "10001:10001";

/// What every image starts first.
const RUNNER: &str = "/usr/lib/assize/runner";

/// What the daemon was asked.
struct Engine<'a> {
    host: &'a str,
    settings: &'a SandboxSettings,
    info: SystemInfo,
    version: SystemVersion,
    /// Only boxes can be made there: the socket is that of the proxy.
    filtered: bool,
}

/// Checks the daemon, and the images of these environments. There is nothing to add about a daemon that is away.
pub(super) async fn examine(daemon: &Daemon, settings: &SandboxSettings, environments: &[&str]) -> Vec<Check> {
    let asked = async {
        let (info, version) = tokio::try_join!(daemon.info(), daemon.version())?;
        Ok((info, version, is_filtered(daemon).await))
    };
    let (info, version, filtered) = match asked.await {
        Ok(answered) => answered,
        Err(error) => {
            let error: crate::sandbox::docker::error::CallError = error;
            let found = format!("cannot reach Docker at {}: {error}", daemon.host());
            return vec![Check::fail("docker", found, error.remedy())];
        }
    };
    let engine = Engine {
        host: daemon.host(),
        settings,
        info,
        version,
        filtered,
    };
    let mut checks = engine.checks();
    for environment in environments {
        checks.push(image(daemon, settings, environment).await);
    }
    checks
}

/// The proxy refuses in its own words what the daemon would answer.
async fn is_filtered(daemon: &Daemon) -> bool {
    match daemon.answer_to_what_no_box_needs().await {
        Err(error) => error
            .answer()
            .is_some_and(|(_status, message)| message.starts_with(REFUSED_BY_PROXY)),
        Ok(()) => false,
    }
}

impl Engine<'_> {
    fn checks(&self) -> Vec<Check> {
        vec![
            self.version(),
            self.socket(),
            self.control_groups(),
            self.limits(),
            self.seccomp(),
            self.privileges(),
            self.runtime(),
            self.holes(),
        ]
    }

    fn version(&self) -> Check {
        const NAME: &str = "docker";
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let engine = text(&self.version.version);
        let found = format!(
            "{engine} (API {}), kernel {}, {}",
            text(&self.version.api_version),
            text(&self.info.kernel_version),
            text(&self.info.driver),
        );
        match release_of(&engine).is_some_and(|release| release >= OLDEST) {
            true => Check::ok(NAME, found),
            false => Check::fail(NAME, found, format!("update to {OLDEST} or newer")),
        }
    }

    fn socket(&self) -> Check {
        const NAME: &str = "docker socket";
        let path = self.host.trim_start_matches("unix://");
        if self.filtered {
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
                format!("{path}, mode {:o}{}", found.mode() & 0o777, self.others(&found)),
            ),
            Err(error) => Check::warn(NAME, format!("{path}: {error}"), "look at its permissions yourself"),
        }
    }

    /// Write access to the socket of a daemon that runs as root is root access.
    fn others(&self, socket: &std::fs::Metadata) -> String {
        if socket.mode() & 0o020 == 0 || socket.gid() == 0 || self.has_option("rootless") {
            return String::new();
        }
        format!(": every member of its group {} is root", socket.gid())
    }

    fn control_groups(&self) -> Check {
        const NAME: &str = "control groups";
        let version = match self.info.cgroup_version {
            Some(SystemInfoCgroupVersionEnum::_1) => Some(1),
            Some(SystemInfoCgroupVersionEnum::_2) => Some(2),
            _ => None,
        };
        if self.info.cgroup_driver == Some(SystemInfoCgroupDriverEnum::NONE) {
            let remedy = match version {
                Some(1) => "boot with systemd.unified_cgroup_hierarchy=1, or use a daemon that is root",
                _ => {
                    "let the user's systemd have the controllers cpu, cpuset, memory and pids (Delegate=), and start it there"
                }
            };
            let version = version.map_or_else(|| "?".to_owned(), |version| version.to_string());
            let found = format!("version {version}, and this daemon may use none: no limit of a box would hold");
            return Check::fail(NAME, found, remedy);
        }
        match version {
            Some(2) => Check::ok(NAME, "version 2"),
            Some(version) => Check::warn(
                NAME,
                format!("version {version}"),
                "every limit holds; boot with systemd.unified_cgroup_hierarchy=1 for what the kernel still develops",
            ),
            None => Check::warn(NAME, "the daemon does not say which", "see `docker info`"),
        }
    }

    fn limits(&self) -> Check {
        const NAME: &str = "limits";
        let missing = missing_limits(&self.info, self.settings.pin_cpus, has_swap());
        if missing.is_empty() {
            return Check::ok(NAME, "memory, processes, CPUs, swap");
        }
        let found = format!(
            "the daemon cannot limit {}; a worker refuses to use it",
            names(&missing)
        );
        let mut remedies: Vec<&str> = missing.iter().copied().map(MissingLimit::remedy).collect();
        remedies.dedup();
        Check::fail(NAME, found, remedies.join("; "))
    }

    fn seccomp(&self) -> Check {
        const NAME: &str = "seccomp";
        if self.has_option("seccomp") {
            return Check::ok(NAME, "the kernel and the daemon know filters");
        }
        let remedy = "use a kernel with CONFIG_SECCOMP_FILTER and a daemon built with it";
        Check::fail(NAME, "the daemon does not load filters", remedy)
    }

    fn privileges(&self) -> Check {
        const NAME: &str = "daemon's rights";
        // A daemon that maps users may make no devices, and gives boxes those of the host.
        let mapped = |by: &str| {
            let found = format!(
                "{by}: root in a box would have no rights on the host; boxes that run at once see when one of them touches a device"
            );
            Check::ok(NAME, found)
        };
        if self.has_option("rootless") {
            return mapped("rootless");
        }
        if self.has_option("userns") {
            return mapped("user namespaces");
        }
        let remedy = "nothing in a box is root; for one wall more, run the daemon rootless or with userns-remap";
        Check::warn(NAME, "containers share the host's user ids", remedy)
    }

    fn has_option(&self, name: &str) -> bool {
        let wanted = format!("name={name}");
        let mut options = self.info.security_options.iter().flatten();
        options.any(|option| option.split(',').any(|part| part == wanted))
    }

    fn runtime(&self) -> Check {
        const NAME: &str = "runtime";
        let wanted = &self.settings.docker.runtime;
        let runtimes = self.info.runtimes.iter().flatten();
        let mut known: Vec<&str> = runtimes.map(|(name, _)| name.as_str()).collect();
        known.sort_unstable();
        if !wanted.is_empty() && !known.contains(&wanted.as_str()) {
            return Check::fail(
                NAME,
                format!(
                    "sandbox.docker.runtime = {wanted:?}, the daemon has {}",
                    known.join(", ")
                ),
                "add it to the daemon's runtimes (daemon.json), or change the setting",
            );
        }
        let used = Runtime::of(&self.settings.docker, &self.info);
        known.retain(|name| *name != used.name);
        let found = format!("{} (others: {})", used.name, known.join(", "));
        match used.support {
            Support::Tried => Check::ok(NAME, found),
            Support::Untried => Check::warn(
                NAME,
                format!("{found}: attacks were not tried in its boxes"),
                "make them yourself: assize doctor --attack --thorough",
            ),
            Support::Unsafe(why) => Check::fail(NAME, format!("{} {why}", used.name), REMEDY),
        }
    }

    /// What has been published about these versions.
    fn holes(&self) -> Check {
        const NAME: &str = "known holes";
        let mut open = Vec::new();
        let mut looked_at = "this Docker".to_owned();
        // What another runtime has is not known here.
        if Runtime::of(&self.settings.docker, &self.info).support == Support::Tried {
            let Some(runc) = self.component("runc") else {
                let remedy = "see `runc --version` on its host, and docs/security.md";
                return Check::warn(NAME, "the daemon does not tell its version of runc", remedy);
            };
            open.extend(holes::open(holes::RUNC, runc));
            looked_at = format!("runc {runc} and this Docker");
        }
        let plugins = self
            .info
            .plugins
            .as_ref()
            .and_then(|plugins| plugins.authorization.as_ref());
        if plugins.is_some_and(|plugins| !plugins.is_empty()) {
            let engine = self.version.version.as_deref().unwrap_or_default();
            open.extend(holes::open(holes::AUTHORIZATION_PLUGINS, engine));
        }
        if open.is_empty() {
            return Check::ok(NAME, format!("none that is on record here, in {looked_at}"));
        }
        Check::warn(
            NAME,
            format!("in {looked_at} there can be {}", open.join(", ")),
            "update them; a distribution that mended them under the same version names them in its changelog: \
             `apt changelog runc`, `rpm -q --changelog runc`",
        )
    }

    fn component(&self, name: &str) -> Option<&str> {
        let mut components = self.version.components.iter().flatten();
        let found = components.find(|component| component.name == name);
        found.map(|component| component.version.as_str())
    }
}

/// The release that a version is of. Distributions add what is no part of it (`24.0.5-0ubuntu1~22.04.1`), and releases before
/// 20.10 were numbered otherwise (`19.03.15`).
fn release_of(version: &str) -> Option<Version> {
    let release = version.split(['-', '+', '~']).next()?;
    Version::parse(release).ok()
}

async fn image(daemon: &Daemon, settings: &SandboxSettings, environment: &str) -> Check {
    const NAME: &str = "image";
    let Some(image) = settings.docker.images.get(environment) else {
        return Check::fail(
            NAME,
            format!("the environment {environment} has no image"),
            format!("name one in sandbox.docker.images.{environment}"),
        );
    };
    match daemon.image(image).await {
        Ok(found) => match outdated(daemon, &settings.docker, &found).await {
            Some(base) => Check::warn(
                NAME,
                format!("{image} was built upon an older {base}, whose runner and Python it still has"),
                "build it anew: assize image build, with its requirements.lock",
            ),
            None => of_image(image, found),
        },
        Err(error) if error.is(404) && is_of_libraries(image) => Check::fail(
            NAME,
            format!("{image} is not here"),
            "assize image build, with its requirements.lock",
        ),
        Err(error) if error.is(404) => Check::fail(
            NAME,
            format!("{image} is not here"),
            "make images; that of Java: docker/images.sh --java",
        ),
        Err(error) => Check::fail(NAME, error.to_string(), error.remedy()),
    }
}

/// An image with more libraries, which `make images` does not build.
fn is_of_libraries(image: &str) -> bool {
    image.starts_with("assize/") && !image.ends_with(":latest")
}

/// The image that another one was built upon, where that has been built anew meanwhile.
async fn outdated(daemon: &Daemon, settings: &DockerSettings, image: &ImageInspect) -> Option<String> {
    let labels = image.config.as_ref()?.labels.as_ref()?;
    let (base, id) = (labels.get(BASE_NAME)?, labels.get(BASE)?);
    let now = daemon.image(base).await.ok()?;
    let is_used = settings.images.values().any(|used| used == base);
    (is_used && now.id.as_ref() != Some(id)).then(|| base.clone())
}

fn of_image(image: &str, found: ImageInspect) -> Check {
    const NAME: &str = "image";
    let config = found.config.unwrap_or_default();
    let (user, volumes) = (config.user.unwrap_or_default(), config.volumes.unwrap_or_default());
    let entry_point = config.entrypoint.unwrap_or_default();
    if user != JUDGED || !volumes.is_empty() {
        let found = format!("{image} runs as {user:?} and shares {volumes:?}");
        return Check::fail(NAME, found, "build it with docker/images.sh: user 10001, no volume");
    }
    if entry_point.first().is_none_or(|first| first != RUNNER) {
        let found = format!("{image} starts {entry_point:?}");
        return Check::fail(
            NAME,
            found,
            "build it with docker/images.sh: its entry point is the runner",
        );
    }
    let id = found.id.unwrap_or_default();
    let digest: String = id.trim_start_matches("sha256:").chars().take(12).collect();
    Check::ok(NAME, format!("{image} ({digest})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_known_by_its_release_whatever_a_distribution_adds() {
        for (version, is_new_enough) in [
            ("20.10.24", true),
            ("20.10.24+dfsg1", true),
            ("24.0.5-0ubuntu1~22.04.1", true),
            ("29.0.0-rc.1", true),
            ("20.9.9", false),
            ("19.03.15", false),
            ("unknown", false),
            ("", false),
        ] {
            let found = release_of(version).is_some_and(|release| release >= OLDEST);
            assert_eq!(found, is_new_enough, "{version}");
        }
    }
}
