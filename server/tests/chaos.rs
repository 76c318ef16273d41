//! The short form of `cargo xtask chaos`: everything breaks for twenty seconds, and nothing is lost.

use std::path::PathBuf;
use std::time::Duration;

use roomkey_chaos::{Plan, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_reordered_when_everything_breaks() {
    let plan = Plan {
        relay: PathBuf::from(env!("CARGO_BIN_EXE_roomkey-relay")),
        lasts: Duration::from_secs(20),
        seed: 4,
        people: 20,
    };
    let report = run(plan).await.unwrap();
    println!("{report}");
    assert!(report.is_good(), "{report}");
}
