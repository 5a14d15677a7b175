//! What a Docker Engine says about itself and its host, for whoever checks whether it can be trusted with boxes.

use std::time::Duration;

use bollard::errors::Error as DockerError;
use bollard::models::{SystemInfo, SystemInfoCgroupDriverEnum, SystemInfoCgroupVersionEnum};
use tokio::time::timeout;

use crate::config::DockerSettings;
use crate::sandbox::DockerUnusable;
use crate::sandbox::docker::connect;
use crate::sandbox::docker::proxy::REFUSED;

/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a Docker Engine says about itself.
#[derive(Debug, Clone, Default)]
pub struct EngineFacts {
    /// Where it was reached.
    pub host: String,
    /// Whether only boxes can be made there: the socket is that of the proxy.
    pub filtered: bool,
    /// Version of the daemon.
    pub version: String,
    /// Newest version of the API that it speaks.
    pub api_version: String,
    /// Version of the control groups, `1` or `2`.
    pub cgroup_version: Option<u8>,
    /// Whether the daemon may use no control group at all.
    pub no_control_groups: bool,
    /// Whether boxes can be bound to CPUs.
    pub cpuset: bool,
    /// Whether memory without swap can be enforced.
    pub swap_limit: bool,
    /// Whether the number of processes can be limited.
    pub pids_limit: bool,
    /// Whether memory can be limited.
    pub memory_limit: bool,
    /// `name=seccomp,profile=default` and its like.
    pub security_options: Vec<String>,
    /// Names of the runtimes, the default one first.
    pub runtimes: Vec<String>,
    /// Driver that keeps the images.
    pub storage_driver: String,
    /// Version of the kernel that containers run on.
    pub kernel: String,
    /// Warnings of the daemon about its host.
    pub warnings: Vec<String>,
}

impl EngineFacts {
    /// What must be limited and cannot be.
    pub fn missing_limits(&self) -> Vec<&'static str> {
        missing_limits(self.memory_limit, self.pids_limit)
    }
}

/// What is known of an image.
#[derive(Debug, Clone, Default)]
pub struct ImageFacts {
    /// Its digest.
    pub id: String,
    /// User that its processes have.
    pub user: String,
    /// The command that starts first.
    pub entry_point: Vec<String>,
    /// Directories that a container of it would share with the host by itself.
    pub volumes: Vec<String>,
}

/// Asks whether the daemon of the settings is there.
///
/// # Errors
/// When it is not.
pub async fn reach_engine(settings: &DockerSettings) -> Result<(), DockerUnusable> {
    connect(settings).await.map(|_connected| ())
}

/// Whether boxes on this daemon would have limits. Without them a program of a stranger could have the whole host.
pub(super) async fn require_limits(docker: &bollard::Docker, host: &str) -> Result<(), DockerUnusable> {
    let unreachable = |source| DockerUnusable::Unreachable {
        host: host.to_owned(),
        source: Box::new(source),
    };
    let asked = timeout(PATIENCE, docker.info()).await;
    let info: SystemInfo = asked
        .unwrap_or(Err(DockerError::RequestTimeoutError))
        .map_err(unreachable)?;
    let missing = missing_limits(info.memory_limit == Some(true), info.pids_limit == Some(true));
    if missing.is_empty() {
        return Ok(());
    }
    Err(DockerUnusable::NoLimits {
        host: host.to_owned(),
        missing: missing.join(" and "),
    })
}

fn missing_limits(memory: bool, processes: bool) -> Vec<&'static str> {
    let limits = [("memory", memory), ("processes", processes)];
    limits
        .into_iter()
        .filter_map(|(name, there)| (!there).then_some(name))
        .collect()
}

/// Asks the daemon of the settings about itself.
///
/// # Errors
/// When it cannot be reached.
pub async fn ask_engine(settings: &DockerSettings) -> Result<EngineFacts, DockerUnusable> {
    let (docker, host) = connect(settings).await?;
    let unreachable = |source: DockerError| DockerUnusable::Unreachable {
        host: host.clone(),
        source: Box::new(source),
    };
    let asked = async { tokio::try_join!(docker.info(), docker.version()) };
    let (info, version) = match timeout(PATIENCE, asked).await {
        Ok(answered) => answered.map_err(unreachable)?,
        Err(_elapsed) => return Err(unreachable(DockerError::RequestTimeoutError)),
    };
    let filtered = is_filtered(&docker).await;
    let default = info.default_runtime.unwrap_or_default();
    let mut runtimes: Vec<String> = info.runtimes.unwrap_or_default().into_keys().collect();
    runtimes.sort_by_key(|name| (*name != default, name.clone()));
    Ok(EngineFacts {
        host: host.clone(),
        filtered,
        version: version.version.unwrap_or_default(),
        api_version: version.api_version.unwrap_or_default(),
        cgroup_version: match info.cgroup_version {
            Some(SystemInfoCgroupVersionEnum::_1) => Some(1),
            Some(SystemInfoCgroupVersionEnum::_2) => Some(2),
            _ => None,
        },
        no_control_groups: info.cgroup_driver == Some(SystemInfoCgroupDriverEnum::NONE),
        cpuset: info.cpu_set.unwrap_or(false),
        swap_limit: info.swap_limit.unwrap_or(false),
        pids_limit: info.pids_limit.unwrap_or(false),
        memory_limit: info.memory_limit.unwrap_or(false),
        security_options: info.security_options.unwrap_or_default(),
        runtimes,
        storage_driver: info.driver.unwrap_or_default(),
        kernel: info.kernel_version.unwrap_or_default(),
        warnings: info.warnings.unwrap_or_default(),
    })
}

/// The proxy refuses in its own words what the daemon would answer.
async fn is_filtered(docker: &bollard::Docker) -> bool {
    let listed = docker.list_volumes(None::<bollard::query_parameters::ListVolumesOptions>);
    match timeout(PATIENCE, listed).await {
        Ok(Err(DockerError::DockerResponseServerError { message, .. })) => message.starts_with(REFUSED),
        _ => false,
    }
}

/// Asks the daemon of the settings about an image; `None` when it is not there.
///
/// # Errors
/// When the daemon cannot be reached.
pub async fn ask_image(settings: &DockerSettings, image: &str) -> Result<Option<ImageFacts>, DockerUnusable> {
    let (docker, host) = connect(settings).await?;
    match docker.inspect_image(image).await {
        Ok(found) => {
            let config = found.config.unwrap_or_default();
            Ok(Some(ImageFacts {
                id: found.id.unwrap_or_default(),
                user: config.user.unwrap_or_default(),
                entry_point: config.entrypoint.unwrap_or_default(),
                volumes: config.volumes.unwrap_or_default(),
            }))
        }
        Err(DockerError::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(source) => Err(DockerUnusable::Unreachable {
            host,
            source: Box::new(source),
        }),
    }
}

/// Ids of the containers that carry a worker's name, whatever their state.
///
/// # Errors
/// When the daemon cannot be reached.
pub async fn boxes_of(settings: &DockerSettings, worker: &str) -> Result<Vec<String>, DockerUnusable> {
    use bollard::query_parameters::ListContainersOptionsBuilder;
    let (docker, host) = connect(settings).await?;
    let filters = [("label".to_owned(), vec![format!("io.assize.worker={worker}")])].into();
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    let found = docker.list_containers(Some(options)).await;
    let found = found.map_err(|source| DockerUnusable::Unreachable {
        host,
        source: Box::new(source),
    })?;
    Ok(found.into_iter().filter_map(|container| container.id).collect())
}
