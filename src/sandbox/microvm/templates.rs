//! The templates of a worker: one for each environment and number of CPUs, made when it is first needed.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::driver::Driver;
use super::machine::Host;
use super::state::State;
use super::template::Template;

/// Name of an environment, and how many CPUs a machine has.
type Key = (String, u32);

/// A template that is being made, or is there.
type Cell = Arc<OnceCell<Arc<Template>>>;

/// All templates, each with the digest of the disk that is in it.
#[derive(Debug, Default)]
pub(super) struct Templates(Mutex<HashMap<Key, (String, Cell)>>);

impl Templates {
    /// The template of which such machines are made. Who comes while it is made waits for it.
    ///
    /// # Errors
    /// When it cannot be made; the next one tries it again.
    pub(super) async fn of(
        &self,
        environment: &str,
        driver: &dyn Driver,
        host: &Host<'_>,
        state: &State,
    ) -> io::Result<Arc<Template>> {
        let cell = self.cell(environment, host);
        let make = async || driver.keep(host, state.machine()?).await.map(Arc::new);
        cell.get_or_try_init(make).await.cloned()
    }

    /// One whose disk was replaced is forgotten.
    fn cell(&self, environment: &str, host: &Host<'_>) -> Cell {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (environment.to_owned(), host.plan.cpus);
        let digest = &host.plan.disk.digest;
        match all.get(&key) {
            Some((kept, cell)) if kept == digest => Arc::clone(cell),
            _ => {
                let cell = Cell::default();
                all.insert(key, (digest.clone(), Arc::clone(&cell)));
                cell
            }
        }
    }
}
