//! The image below: its Python, and the libraries that it has.

use std::collections::BTreeMap;

use anyhow::anyhow;
use serde::Deserialize;

use crate::cli::Failure;
use crate::cli::image::in_box::{TriedImage, printed};
use crate::libraries::{Library, LibraryName, Requirement, Requirements};

const EXAMINE: &str = include_str!("examine.py");

/// The only implementation whose wheels are looked for.
const CPYTHON: &str = "cpython";

/// What a program found in a box of the image.
#[derive(Debug, Deserialize)]
pub(super) struct Base {
    /// Version of Python, such as `3.13.5`.
    pub(super) python: String,
    /// Version of glibc, such as `2.41`.
    pub(super) libc: Option<String>,
    /// What conditions of requirements ask for.
    pub(super) markers: BTreeMap<String, String>,
    /// Where libraries are installed.
    pub(super) directory: String,
    /// Version of each library that is there, by its name.
    libraries: BTreeMap<String, String>,
}

impl Base {
    /// Starts a box of the image and looks around.
    pub(super) async fn examine(image: &TriedImage<'_>) -> Result<Self, Failure> {
        printed(&image.run(EXAMINE, Vec::new()).await?)
    }

    /// The libraries whose versions can be compared, which are all but broken ones.
    pub(super) fn libraries(&self) -> Vec<Library> {
        let library = |(name, version): (&String, &String)| {
            Some(Library {
                name: LibraryName::of(name)?,
                version: version.parse().ok()?,
            })
        };
        self.libraries.iter().filter_map(library).collect()
    }

    /// Refuses another Python than is there, and one for which no wheels are looked for.
    pub(super) fn check_python(&self, image: &str, wanted: Option<&str>) -> Result<(), Failure> {
        let has = |wanted: &str| {
            let rest = self.python.strip_prefix(wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if let Some(wanted) = wanted.filter(|wanted| !has(wanted)) {
            return Err(Failure::Usage(anyhow!(
                "{image} has Python {}, and --python asks for {wanted}; leave --python out, or name with --base an image \
                 of a box that has it (docs/libraries.md)",
                self.python
            )));
        }
        let implementation = self.markers.get("implementation_name").map_or("", String::as_str);
        if implementation != CPYTHON || self.libc.is_none() {
            return Err(Failure::Usage(anyhow!(
                "{image} has {implementation} and {}, for which no wheels can be chosen; use one with CPython and glibc",
                self.libc.as_ref().map_or("no glibc", |_| "glibc")
            )));
        }
        Ok(())
    }

    /// Refuses requirements that only another version of a library in the image would satisfy. Those with a condition are
    /// compared where pip is, which knows whether it holds.
    pub(super) fn check_conflicts(&self, image: &str, requirements: &Requirements) -> Result<(), Failure> {
        let libraries = self.libraries();
        let other_version = |wanted: &Requirement| {
            let there = libraries.iter().find(|library| library.name == wanted.name)?;
            (!wanted.is_satisfied_by(there)).then(|| (wanted.clone(), there))
        };
        let mut unconditional = requirements.iter().filter(|wanted| wanted.condition.is_none());
        let Some((wanted, there)) = unconditional.find_map(other_version) else {
            return Ok(());
        };
        Err(Failure::Usage(anyhow!(
            "{wanted} is asked for, and {image} has {there}, which stays as it is; ask for a version that this one satisfies"
        )))
    }
}
