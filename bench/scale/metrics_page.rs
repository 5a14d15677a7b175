//! The figures of RabbitMQ, as it shows them to Prometheus.

use std::collections::BTreeMap;

use anyhow::Context as _;
use reqwest::Client;

/// Sums of each figure over its labels.
#[derive(Debug, Clone, Default)]
pub(crate) struct MetricsPage(BTreeMap<String, f64>);

impl MetricsPage {
    pub(crate) async fn read(client: &Client, url: &str) -> anyhow::Result<Self> {
        let response = client.get(url).send().await?.error_for_status()?;
        let text = response
            .text()
            .await
            .with_context(|| format!("{url} is not answered"))?;
        Ok(Self::of(&text))
    }

    fn of(text: &str) -> Self {
        let mut sums = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((labelled, value)) = line.rsplit_once(' ') else {
                continue;
            };
            let name = labelled.split('{').next().unwrap_or(labelled);
            if let Ok(value) = value.parse::<f64>() {
                *sums.entry(name.to_owned()).or_default() += value;
            }
        }
        Self(sums)
    }

    /// A figure; 0 where it is not shown.
    pub(crate) fn figure(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_summed_over_their_labels() {
        let page = MetricsPage::of("# HELP a what\na{x=\"1\"} 2\na{x=\"2\"} 3e2\nb 1.5\n");
        assert_eq!(
            (page.figure("a"), page.figure("b"), page.figure("c")),
            (302.0, 1.5, 0.0)
        );
    }
}
