//! One try to deliver a callback.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use url::{Host, Url};
use uuid::Uuid;

use crate::tls;
use crate::webhook::error::LONGEST_URL;
use crate::webhook::resolver::{CheckedResolver, NotAllowed};
use crate::webhook::{AddressError, AllowedAddresses, CallbackKey, SendError, WebhookError};

/// How a callback is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackMethod {
    /// With `POST`, as the specification says.
    Post,
    /// With `PUT`, as another service does it.
    Put,
}

impl From<CallbackMethod> for Method {
    fn from(method: CallbackMethod) -> Self {
        match method {
            CallbackMethod::Post => Self::POST,
            CallbackMethod::Put => Self::PUT,
        }
    }
}

/// What is to be delivered.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Where to.
    pub url: String,
    /// How.
    pub method: CallbackMethod,
    /// The site whose secret signs it.
    pub site: Arc<str>,
    /// Id of the answer, the same each time: who has seen it passes over another one.
    pub id: Uuid,
    /// The document.
    pub body: Vec<u8>,
    /// Headers that say which trace it belongs to.
    pub trace: Vec<(&'static str, String)>,
}

/// What came of a try.
#[derive(Debug)]
pub enum Sent {
    /// It was taken.
    Delivered,
    /// Nothing is wanted there any more (410).
    Gone,
    /// It was not taken, and why.
    Failed(SendError),
}

/// Sends callbacks.
#[derive(Debug)]
pub struct Webhooks {
    client: reqwest::Client,
    key: CallbackKey,
    allowed: Arc<AllowedAddresses>,
}

impl Webhooks {
    /// Those of a service whose callbacks take at most `timeout` each.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(key: CallbackKey, networks: &[IpNet], timeout: Duration) -> Result<Self, WebhookError> {
        let allowed = Arc::new(AllowedAddresses::with(networks));
        tls::install_provider();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(timeout)
            .dns_resolver(Arc::new(CheckedResolver(Arc::clone(&allowed))))
            .user_agent(concat!("Assize/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(WebhookError::Client)?;
        Ok(Self { client, key, allowed })
    }

    /// Checks an address before anything is sent there.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self, url: &str) -> Result<(), AddressError> {
        self.checked(url).map(drop)
    }

    fn checked(&self, url: &str) -> Result<Url, AddressError> {
        if url.len() > LONGEST_URL {
            return Err(AddressError::TooLong);
        }
        let parsed = Url::parse(url)?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(AddressError::Scheme);
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(AddressError::Credentials);
        }
        let literal = match parsed.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(AddressError::NoHost),
        };
        match literal.filter(|address| !self.allowed.allow(*address)) {
            Some(address) => Err(NotAllowed(address.to_string()).into()),
            None => Ok(parsed),
        }
    }

    /// Tries once.
    pub async fn send(&self, callback: &Callback) -> Sent {
        let url = match self.checked(&callback.url) {
            Ok(url) => url,
            Err(error) => return Sent::Failed(error.into()),
        };
        let (id, now) = (callback.id.to_string(), Timestamp::now().as_second());
        let signature = self.key.secret_of(&callback.site).sign(&id, now, &callback.body);
        let mut request = self
            .client
            .request(callback.method.into(), url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", signature)
            .body(callback.body.clone());
        for (name, value) in &callback.trace {
            request = request.header(*name, value);
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => Sent::Delivered,
            Ok(response) if response.status() == StatusCode::GONE => Sent::Gone,
            Ok(response) => Sent::Failed(SendError::Answered(response.status())),
            Err(error) => Sent::Failed(SendError::Request(error.without_url())),
        }
    }
}
