//! Names become addresses once, and only those that may be called are connected to.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use tokio::net::lookup_host;

use crate::webhook::AllowedAddresses;

/// A name that leads to no address that may be called.
#[derive(Debug, Error)]
#[error("{0} has no public address, and none that serve.callback_networks names")]
pub struct NotAllowed(pub(super) String);

/// Looks names up with the host's resolver.
#[derive(Debug)]
pub(super) struct CheckedResolver(pub(super) Arc<AllowedAddresses>);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> = found.filter(|address| allowed.allow(address.ip())).collect();
            if addresses.is_empty() {
                return Err(NotAllowed(name).into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_into_this_host_is_not_called_unless_it_is_allowed() {
        for (named, is_found) in [("10.0.0.0/8", false), ("127.0.0.0/8", true)] {
            let allowed = AllowedAddresses::with(&[named.parse().unwrap()]);
            let resolver = CheckedResolver(Arc::new(allowed));
            let found = resolver.resolve("localhost".parse().unwrap()).await;
            assert_eq!(found.is_ok(), is_found, "{named}");
        }
    }
}
