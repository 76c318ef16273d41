//! W3: thousands of members who say nothing.

use anyhow::{Context as _, Result};

use super::Results;
use crate::crowd::Crowd;
use crate::run::Plan;
use crate::server::{Contender, Stable};

/// Members of each room.
const MEMBERS: usize = 10;

/// Runs it against all contenders, one after the other.
///
/// # Errors
/// Never; what fails becomes a remark.
pub async fn run(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    for contender in who {
        // A tenth is enough for those who take long to let anybody in.
        let members = match contender {
            Contender::Flask => plan.idle / 10,
            _ => plan.idle,
        };
        match measure(stable, *contender, members.max(MEMBERS)).await {
            Ok(bytes) => results.add("W3", *contender, "bytes/idle member", bytes),
            Err(error) => results.remark(format!("W3, {}: {error:#}", contender.name())),
        }
    }
    Ok(())
}

async fn measure(stable: &Stable, contender: Contender, members: usize) -> Result<f64> {
    let server = stable.start(contender).await?;
    let mut crowd = Crowd::new(server.address, contender.dialect(), 256);
    // What a server needs once, however many come, is not the members'.
    crowd.grow(1, MEMBERS, 2).await?;
    let before = server.process.memory().context("no such figure here")?;
    let first = crowd.len();
    crowd.grow(members / MEMBERS, MEMBERS, 2).await?;
    // As in life, everybody has introduced itself, and the server keeps that for newcomers.
    crowd.introduce().await?;
    let after = server.process.memory().context("no such figure here")?;
    let grown = after.saturating_sub(before) as f64;
    Ok(grown / (crowd.len() - first).max(1) as f64)
}
