//! The benches still work, on the relay that the tests run against.

use anyhow::{Context as _, Result};
use roomkey_bench::machine::Cores;
use roomkey_bench::run::{Order, Plan, execute};
use roomkey_bench::server::Stable;
use roomkey_e2e::{measure, root, setting};

#[tokio::test]
async fn a_small_bench_of_the_app_gives_every_figure() -> Result<()> {
    let figures = measure::everything(measure::Plan::SMOKE, None).await?;
    // Lighthouse has an opinion only where it is installed.
    let figures: Vec<_> = figures
        .iter()
        .filter(|figure| !figure.what.contains("Lighthouse"))
        .collect();
    assert_eq!(figures.len(), 25, "{figures:#?}");
    assert!(figures.iter().all(|figure| figure.value.is_finite()));
    Ok(())
}

#[tokio::test]
async fn a_small_bench_of_the_relay_loses_nothing() -> Result<()> {
    let state = tempfile::tempdir()?;
    let out = tempfile::tempdir()?;
    let order = Order {
        plan: Plan::smoke(),
        stable: Stable {
            relay: setting(
                "ROOMKEY_E2E_RELAY",
                root().join("target/release/roomkey-relay"),
            ),
            python: None,
            port: None,
            cores: Cores::default(),
            state: state.path().to_owned(),
        },
        only: Vec::new(),
        against: vec!["roomkey".to_owned()],
        out: Some(out.path().to_owned()),
    };
    let local = tokio::task::LocalSet::new();
    let verdict = local.run_until(execute(order)).await?;
    assert!(verdict.starts_with("everything ran"), "{verdict}");
    let json = std::fs::read_to_string(out.path().join("relay.json"))?;
    let json: serde_json::Value = serde_json::from_str(&json)?;
    let remarks = json["remarks"].as_array().context("remarks")?;
    assert!(remarks.is_empty(), "{remarks:?}");
    let figures = json["figures"].as_array().context("figures")?;
    for workload in ["W0", "W1", "W2", "W3", "W4", "W5", "W6", "W7"] {
        let of = figures.iter().filter(|one| one["workload"] == workload);
        assert!(of.count() > 0, "{workload} has no figures");
    }
    let lost = figures.iter().filter(|one| one["measure"] == "lost");
    assert!(
        lost.into_iter().all(|one| one["median"] == 0.0),
        "{figures:?}"
    );
    Ok(())
}
