//! The bench of the app still works.

use anyhow::Result;
use roomkey_e2e::measure::{Plan, everything};

#[tokio::test]
async fn a_small_bench_of_the_app_gives_every_figure() -> Result<()> {
    let figures = everything(Plan::SMOKE).await?;
    assert_eq!(figures.len(), 13, "{figures:#?}");
    assert!(figures.iter().all(|figure| figure.value.is_finite()));
    Ok(())
}
