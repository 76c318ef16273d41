//! W4: how many members a second can come in, new ones and those who were there before.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey,
};
use tokio::task::spawn_local;
use tokio::time::sleep;

use super::Results;
use crate::machine::{hold_to, processor_time};
use crate::member::Member;
use crate::run::Plan;
use crate::server::{Contender, Server, Stable};

/// Who come at the same time, each going around through rooms of its own.
const AT_ONCE: usize = 32;
/// Rooms that each of them visits in turn, so that no room sees more comers than a relay allows one.
const ROUND: usize = 64;

/// Runs it against all contenders, taking turns.
///
/// # Errors
/// Where the load itself fails.
pub async fn run(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    let mut servers = Vec::new();
    for contender in who {
        match stable.start(*contender).await {
            Ok(server) => servers.push(server),
            Err(error) => results.remark(format!("W4, {}: {error:#}", contender.name())),
        }
    }
    for turn in 0..plan.repeats {
        for server in &servers {
            if turn > 0 && !server.contender.is_judged() {
                continue;
            }
            let ours = server.contender == Contender::Roomkey;
            for resumed in if ours { &[false, true][..] } else { &[false] } {
                match storm(server, *resumed, plan.time).await {
                    Ok((rate, cost)) => {
                        let kind = if *resumed { "resumed" } else { "new" };
                        let name = |unit: &str| format!("{kind} {unit}");
                        results.add("W4", server.contender, &name("joins/s"), rate);
                        results.add("W4", server.contender, &name("cpu us/join"), cost);
                    }
                    Err(error) => {
                        results.remark(format!("W4, {}: {error:#}", server.contender.name()));
                    }
                }
            }
        }
        if who.contains(&Contender::Roomkey) {
            hold_to(stable.cores.server);
            let rsa = private_operation(if plan.is_smoke { 2 } else { 200 });
            hold_to(stable.cores.load);
            results.add("W4", Contender::Roomkey, "rsa operation us", rsa?);
        }
    }
    Ok(())
}

/// Joins a second and the processor time of one.
async fn storm(server: &Server, resumed: bool, time: Duration) -> Result<(f64, Option<f64>)> {
    let (address, dialect) = (server.address, server.contender.dialect());
    let stop = std::rc::Rc::new(Cell::new(false));
    let joins = std::rc::Rc::new(Cell::new(0u64));
    let mut lanes = Vec::new();
    for lane in 0..AT_ONCE {
        let (stop, joins) = (stop.clone(), joins.clone());
        lanes.push(spawn_local(async move {
            let mut ticket = None;
            let mut seats = [None; ROUND];
            for turn in (0..ROUND).cycle() {
                if stop.get() {
                    break;
                }
                let room = lane * ROUND + turn;
                let member = Member::connect(address, dialect, room, ticket.take()).await?;
                let seat = seats.get_mut(turn).context("no such room")?;
                member.ask(seat.take()).await?;
                let taken = member.entered().await?;
                joins.set(joins.get() + 1);
                if resumed {
                    (ticket, *seat) = (member.ticket(), taken);
                }
                member.leave(!resumed).await;
            }
            anyhow::Ok(())
        }));
    }
    sleep(Duration::from_millis(300)).await;
    let (began, counted, used) = (Instant::now(), joins.get(), server.process.cpu());
    sleep(time).await;
    let (passed, counted) = (began.elapsed(), joins.get() - counted);
    let used = server.process.cpu().zip(used);
    stop.set(true);
    for lane in lanes {
        lane.await??;
    }
    let cost = used.map(|(after, before)| (after - before).as_secs_f64() * 1e6 / counted as f64);
    Ok((counted as f64 / passed.as_secs_f64(), cost))
}

/// Microseconds of one RSA-3072 decryption: without it no new tunnel.
fn private_operation(count: u32) -> Result<f64> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa3072).context("no RSA key")?;
    let public = OaepPublicEncryptingKey::new(key.public_key()).context("no RSA key")?;
    let private = OaepPrivateDecryptingKey::new(key).context("no RSA key")?;
    let mut sealed = vec![0; public.ciphertext_size()];
    public
        .encrypt(&OAEP_SHA256_MGF1SHA256, &[7; 32], &mut sealed, None)
        .context("RSA does not encrypt")?;
    let mut opened = vec![0; private.min_output_size()];
    let mut times = Vec::new();
    for _ in 0..count {
        let began = processor_time().context("no figure here")?;
        private
            .decrypt(&OAEP_SHA256_MGF1SHA256, &sealed, &mut opened, None)
            .context("RSA does not decrypt")?;
        let used = processor_time().context("no figure here")? - began;
        times.push(used.as_secs_f64() * 1e6);
    }
    crate::stats::median(times).context("no figure")
}
