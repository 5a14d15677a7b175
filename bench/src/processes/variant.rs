//! Ways to run the worker that are compared: its settings, changed in memory.

use anyhow::Context as _;
use serde_json::Value;

use assize::config::Settings;

/// Where the settings say how an interpreter comes to a test.
const STARTUP: &str = "/languages/python3/startup";

/// A worker with settings of its own.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// What it is called in the results.
    pub(crate) name: String,
    pub(crate) settings: Settings,
}

/// Boxes by nsjail.
pub(crate) const NSJAIL: &str = "assize, nsjail";

/// Every way that can be had here; the one of the settings comes first, and the thresholds of Docker hold for it.
pub(crate) fn all(settings: &Settings) -> anyhow::Result<Vec<Variant>> {
    let mut variants = startups(settings)?;
    variants.extend(by_nsjail(settings));
    Ok(variants)
}

/// The same worker with boxes by nsjail, where a jailer listens.
pub(crate) fn by_nsjail(settings: &Settings) -> Option<Variant> {
    settings.sandbox.nsjail.socket.exists().then(|| {
        let mut settings = settings.clone();
        "nsjail".clone_into(&mut settings.sandbox.backend);
        Variant {
            name: NSJAIL.to_owned(),
            settings,
        }
    })
}

/// The way that the settings name, then the others.
fn startups(settings: &Settings) -> anyhow::Result<Vec<Variant>> {
    let own = serde_json::to_value(settings)?
        .pointer(STARTUP)
        .and_then(Value::as_str)
        .map(str::to_owned);
    let Some(own) = own else {
        return Ok(vec![Variant {
            name: "assize, exec".to_owned(),
            settings: settings.clone(),
        }]);
    };
    let others = ["fork", "exec"].into_iter().filter(|name| *name != own);
    std::iter::once(own.as_str())
        .chain(others)
        .map(|startup| {
            Ok(Variant {
                name: format!("assize, {startup}"),
                settings: with(settings, STARTUP, startup)?,
            })
        })
        .collect()
}

/// The same worker on another OCI runtime.
pub(crate) fn on_runtime(variant: &Variant, runtime: &str) -> Variant {
    let mut settings = variant.settings.clone();
    runtime.clone_into(&mut settings.sandbox.docker.runtime);
    Variant {
        name: format!("{}, {runtime}", variant.name),
        settings,
    }
}

fn with(settings: &Settings, key: &str, value: &str) -> anyhow::Result<Settings> {
    let mut tree = serde_json::to_value(settings)?;
    *tree
        .pointer_mut(key)
        .with_context(|| format!("there is no setting {key}"))? = value.into();
    Ok(serde_json::from_value(tree)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use assize::config;

    #[test]
    fn the_worker_as_it_is_set_comes_first() {
        let settings = config::load(None).unwrap();
        let variants = startups(&settings).unwrap();
        assert_eq!(variants[0].settings, settings);
        let listening = tempfile::NamedTempFile::new().unwrap();
        let mut with_jailer = settings.clone();
        with_jailer.sandbox.nsjail.socket = listening.path().to_owned();
        let last = all(&with_jailer).unwrap().pop().unwrap();
        assert_eq!(
            (last.name.as_str(), last.settings.sandbox.backend.as_str()),
            (NSJAIL, "nsjail")
        );
        let on_other = on_runtime(&variants[0], "crun");
        assert_eq!(on_other.settings.sandbox.docker.runtime, "crun");
        assert!(on_other.name.ends_with(", crun"));
    }
}
