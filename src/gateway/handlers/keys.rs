//! The ids of what is sent with an `Idempotency-Key`, so that it may be sent twice.

use std::sync::Arc;

use uuid::Uuid;

use crate::gateway::EngineError;
use crate::gateway::api::Api;
use crate::gateway::sites::tokens::Site;

/// The ids of so many submissions of one request that have none of their own. The same key of the same site gives the same
/// ones, so that a request that is sent twice is one, whichever service gets it.
///
/// # Errors
/// When it is not known which ids a key gives.
pub(super) async fn ids_for(api: &Api, site: &Site, key: Option<&str>, count: usize) -> Result<Vec<Uuid>, EngineError> {
    let Some(key) = key else {
        return Ok((0..count).map(|_index| Uuid::now_v7()).collect());
    };
    let keys: Vec<String> = (0..count).map(|index| format!("{key}\n{index}")).collect();
    let secret = api.engine.key_secret().await?;
    let mut ids: Vec<Uuid> = keys.iter().map(|key| secret.uuid_of(&name_of(site, key))).collect();
    let public: Vec<Uuid> = keys.iter().map(|key| public_uuid(site, key)).collect();
    if api.engine.count_taken(public.clone(), Arc::clone(&site.name)).await? > 0 {
        for (id, public) in ids.iter_mut().zip(public) {
            let before = api.engine.find(public).await?;
            if before.is_some_and(|entry| entry.site == site.name) {
                *id = public;
            }
        }
    }
    Ok(ids)
}

/// The first of them.
///
/// # Errors
/// As for all.
pub(super) async fn id_for(api: &Api, site: &Site, key: Option<&str>) -> Result<Uuid, EngineError> {
    let ids = ids_for(api, site, key, 1).await?;
    Ok(ids.first().copied().unwrap_or_else(Uuid::now_v7))
}

/// What services of before gave a submission with this key, and what a request to judge once more has: who knows that can
/// do nothing with it. Of a submission it counts only where this site has handed it in.
pub(super) fn public_uuid(site: &Site, key: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name_of(site, key).as_bytes())
}

fn name_of(site: &Site, key: &str) -> String {
    format!("assize:idempotency-key:{}\n{key}", site.name)
}
