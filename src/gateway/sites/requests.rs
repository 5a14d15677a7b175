//! Requests that are under way, over a bounded number of connections: how many each site may have, and each address that
//! sends or takes something without a token.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::gateway::body::memory::{BodyMemory, BodyShare};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::per_site::{SiteCounts, UnderWay};

/// Room for requests that are under way, and for their answers.
#[derive(Debug)]
pub(in crate::gateway) struct RequestRoom {
    /// Connections, each of which has one request at a time.
    connections: usize,
    /// Whether there are sites that are told apart.
    has_sites: bool,
    counts: SiteCounts,
    answers: BodyMemory,
}

/// The place of a request, until its answer has been written. At first it has none: most show their token at once, and those
/// of many sites may come from the address of one proxy.
#[derive(Debug, Clone)]
pub(in crate::gateway) struct RequestPlace {
    client: IpAddr,
    held: Arc<Mutex<Option<UnderWay>>>,
}

impl RequestRoom {
    /// Over so many connections, with answers in memory as long as clients take to read them.
    pub(in crate::gateway) fn of(connections: usize, has_sites: bool, answers: BodyMemory) -> Self {
        Self {
            connections,
            has_sites,
            counts: SiteCounts::default(),
            answers,
        }
    }

    /// The site that sends it has its place from now on.
    pub(in crate::gateway) fn name(&self, place: &RequestPlace, site: &Arc<str>) -> Result<(), Refusal> {
        if self.has_sites && place.holder().as_ref() != Some(site) {
            // It has one place in all.
            drop(place.lock().take());
            *place.lock() = Some(self.reserve(site)?);
        }
        Ok(())
    }

    /// Without a site, its address has its place from now on.
    pub(in crate::gateway) fn name_client(&self, place: &RequestPlace) -> Result<(), Refusal> {
        if self.has_sites && place.holder().is_none() {
            *place.lock() = Some(self.reserve(&name_of(place.client))?);
        }
        Ok(())
    }

    /// Room for an answer of so many bytes, until it is dropped.
    pub(in crate::gateway) fn share(&self, place: &RequestPlace, bytes: u64) -> Result<BodyShare, Refusal> {
        self.name_client(place)?;
        let holder = place.holder().unwrap_or_default();
        let mut share = self.answers.begin(&holder);
        let grown = share.grow_to(bytes);
        grown.map(|()| share).map_err(|_full| {
            let detail = format!("too many large answers are on their way to {holder}; ask again in a while");
            Refusal::too_many(detail, 1)
        })
    }

    /// A site has at most three quarters of what the others leave, so that there is some for another one whatever it holds, and
    /// for one more beside two of them.
    fn reserve(&self, name: &Arc<str>) -> Result<UnderWay, Refusal> {
        let may = |own, counts: &HashMap<_, usize>| {
            let left = self.connections.saturating_sub(counts.values().sum::<usize>() - own);
            own < left - left / 4
        };
        self.counts.begin_if(name, may).map_err(|own| {
            let detail = format!(
                "{own} requests of {name} are under way; all clients share {} connections, and one has at most three quarters \
                 of those that the others leave (serve.max_connections)",
                self.connections
            );
            Refusal::too_many(detail, 1)
        })
    }
}

impl RequestPlace {
    /// Of a request from this address.
    pub(in crate::gateway) fn of(client: IpAddr) -> Self {
        Self {
            client,
            held: Arc::default(),
        }
    }

    fn holder(&self) -> Option<Arc<str>> {
        self.lock().as_ref().map(UnderWay::site)
    }

    fn lock(&self) -> MutexGuard<'_, Option<UnderWay>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No site has a name with a blank in it. A host with IPv6 has a network of addresses.
fn name_of(client: IpAddr) -> Arc<str> {
    match client.to_canonical() {
        IpAddr::V4(address) => format!("address {address}").into(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX));
            format!("address {network}/64").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(connections: usize, has_sites: bool) -> RequestRoom {
        RequestRoom::of(connections, has_sites, BodyMemory::for_bodies_of(1024))
    }

    fn sent(room: &RequestRoom, client: &str, site: &str) -> Option<RequestPlace> {
        let place = RequestPlace::of(client.parse().unwrap());
        room.name(&place, &site.into()).ok()?;
        Some(place)
    }

    #[test]
    fn a_site_leaves_connections_to_others() {
        let room = room(100, true);
        let fill = |site| std::iter::from_fn(|| sent(&room, "10.0.0.1", site)).collect::<Vec<_>>();
        let held = ["one", "two", "three"].map(fill);
        assert_eq!(held.each_ref().map(Vec::len), [75, 19, 5]);
        assert!(sent(&room, "10.0.0.1", "alive").is_some());
        drop(held);
        assert!(room.counts.is_empty());
    }

    #[test]
    fn a_host_that_shows_no_token_leaves_connections_to_others_also_to_those_with_one_of_its_address() {
        let room = room(8, true);
        let unknown = |client: &str| {
            let place = RequestPlace::of(client.parse().unwrap());
            room.name_client(&place).ok().map(|()| place)
        };
        let held: Vec<_> = std::iter::from_fn(|| unknown("2001:db8::1")).collect();
        assert_eq!(held.len(), 6);
        assert!(unknown("2001:db8::2").is_none(), "it is the same host");
        assert!(sent(&room, "2001:db8::1", "site").is_some());
        // One that logs in has the place of its site in place of that of its address.
        room.name(&held[0], &"site".into()).unwrap();
        assert!(unknown("2001:db8::1").is_some());
    }

    #[test]
    fn a_service_without_tokens_shares_nothing_out() {
        let room = room(2, false);
        let held: Vec<_> = (0..10).map(|_| sent(&room, "127.0.0.1", "local")).collect();
        assert!(held.iter().all(Option::is_some));
    }

    #[test]
    fn answers_that_a_site_does_not_read_leave_room_for_those_of_others() {
        let room = room(100, true);
        let [slow, other] = ["slow", "other"].map(|site| sent(&room, "10.0.0.1", site).unwrap());
        let held: Vec<_> = std::iter::from_fn(|| room.share(&slow, 1024).ok()).collect();
        assert_eq!(held.len(), 4);
        assert!(room.share(&other, 1024).is_ok());
        drop(held);
        assert!(room.share(&slow, 1024).is_ok());
    }
}
