//! From the first to the last word.

use std::fmt;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Result, bail};
use sdk::Relay;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::dice::Dice;
use crate::line::Line;
use crate::person::{Order, Person, Shared, Standing};
use crate::process::Process;
use crate::room::Room;
use crate::script::{self, Deed};
use crate::verdict::{Verdict, judge};

/// How long everybody has, once nothing is done to them any more, to find each other. Only somebody who is stuck needs
/// all of it: it is longer than every patience of a session.
const TO_SETTLE: Duration = Duration::from_secs(180);

/// Orders that somebody has not carried out yet.
const ORDERS: usize = 256;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The relay's binary.
    pub relay: PathBuf,
    /// How long everybody is troubled.
    pub lasts: Duration,
    /// Draws who is troubled when and how.
    pub seed: u64,
    /// How many members there are, in three rooms.
    pub people: usize,
}

/// What was done, counted where it took effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Done {
    cuts: usize,
    kills: usize,
    half_opens: usize,
    stalls: usize,
    delays: usize,
    absences: usize,
    reloads: usize,
}

/// How it went. Its last line as text is the verdict and what was done.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed of the plan.
    pub seed: u64,
    /// What the diaries came to.
    pub verdict: Verdict,
    /// Who was not well again in time, and how they were instead.
    pub stuck: Vec<String>,
    done: Done,
}

impl Report {
    /// Nothing was lost, doubled or reordered, and nobody is stuck.
    pub fn is_good(&self) -> bool {
        self.stuck.is_empty() && self.verdict.is_good()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}", self.seed)?;
        let verdict = &self.verdict;
        for line in self
            .stuck
            .iter()
            .chain(&verdict.alarms)
            .chain(&verdict.findings)
        {
            writeln!(f, "{line}")?;
        }
        let done = &self.done;
        write!(
            f,
            "{verdict} cuts={} kills={} half-opens={} stalls={} delays={} absences={} reloads={} messages={} deliveries={} \
             said-while-away={} told-not-sent={}",
            done.cuts,
            done.kills,
            done.half_opens,
            done.stalls,
            done.delays,
            done.absences,
            done.reloads,
            verdict.messages,
            verdict.deliveries,
            verdict.said_while_away,
            verdict.not_sent,
        )
    }
}

/// One member as whoever directs sees them.
struct Seen {
    who: usize,
    room: usize,
    line: Line,
    orders: mpsc::Sender<Order>,
    standing: watch::Receiver<Standing>,
    diary: Shared,
}

/// Carries the plan out.
///
/// # Errors
/// Where something is missing, or a session ends that should not; what the members lost is no error but in the report.
pub async fn run(plan: Plan) -> Result<Report> {
    let mut dice = Dice::new(plan.seed);
    let script = script::write(plan.people, plan.lasts, &mut dice.split());
    let mut process = Process::start(&plan.relay).await?;
    let direct = Relay::new(&format!("http://{}", process.address), None, None)?;
    let rooms = Room::all(&direct).await?;

    let mut lives = JoinSet::new();
    let mut people = Vec::new();
    for who in 0..plan.people {
        let at = who % rooms.len();
        let Some(room) = rooms.get(at).cloned() else {
            bail!("there is no room");
        };
        let line = Line::open(process.address).await?;
        let relay = Relay::new(&format!("http://{}", line.address), None, None)?;
        let (orders, inbox) = mpsc::channel(ORDERS);
        let (standing, seen) = watch::channel(Standing::default());
        let diary = Shared::default();
        let person = Person::enter(
            who,
            room,
            relay,
            dice.split(),
            inbox,
            standing,
            diary.clone(),
        )?;
        lives.spawn(person.live());
        people.push(Seen {
            who,
            room: at,
            line,
            orders,
            standing: seen,
            diary,
        });
    }

    // What is said before somebody has come is not for them: the test begins when all have met.
    let mut stuck = all(&mut people, &mut lives, "meet", |standing, others| {
        standing.online && standing.around == others
    })
    .await?;
    let mut done = Done::default();
    if stuck.is_empty() {
        for seen in &people {
            tell(seen, Order::Talk)?;
        }
        done = perform(script, plan.lasts, &people, &mut process, &mut lives).await?;
        stuck = settle(&mut people, &mut lives).await?;
    }
    done.reloads = people
        .iter()
        .map(|seen| seen.standing.borrow().reloads)
        .sum();

    let mut verdict = Verdict::default();
    for at in 0..rooms.len() {
        let diaries: Vec<_> = people
            .iter()
            .filter(|seen| seen.room == at)
            .map(|seen| {
                (
                    seen.who,
                    seen.diary.lock().unwrap_or_else(PoisonError::into_inner),
                )
            })
            .collect();
        let borrowed: Vec<_> = diaries
            .iter()
            .map(|(who, diary)| (*who, &**diary))
            .collect();
        verdict.add(judge(&borrowed));
    }
    Ok(Report {
        seed: plan.seed,
        verdict,
        stuck,
        done,
    })
}

/// Does to them what the script says, when it says so.
async fn perform(
    script: Vec<(Duration, Deed)>,
    lasts: Duration,
    people: &[Seen],
    process: &mut Process,
    lives: &mut JoinSet<Result<()>>,
) -> Result<Done> {
    let began = Instant::now();
    let mut done = Done::default();
    for (at, deed) in script {
        nobody_ends_before(began + at, lives).await?;
        let target = |who: usize| people.get(who);
        match deed {
            Deed::Cut { who, mid_frame } => {
                done.cuts += usize::from(target(who).is_some_and(|seen| seen.line.cut(mid_frame)));
            }
            Deed::Weather { who, weather } => {
                let count = if weather.is_half_open() {
                    &mut done.half_opens
                } else if weather.is_delay() {
                    &mut done.delays
                } else {
                    &mut done.stalls
                };
                *count += usize::from(target(who).is_some_and(|seen| seen.line.set(weather)));
            }
            Deed::Absence { who, lasts } => {
                if let Some(seen) = target(who) {
                    seen.line.absent_for(lasts);
                    done.absences += 1;
                }
            }
            Deed::Reload { who, takes } => {
                // Whoever has ended is found by `nobody_ends_before`.
                let _ = target(who).map(|seen| seen.orders.try_send(Order::Reload(takes)));
            }
            Deed::Kill => {
                process.kill().await;
                done.kills += 1;
            }
            Deed::Start => process.start_again().await?,
        }
    }
    nobody_ends_before(began + lasts, lives).await?;
    Ok(done)
}

/// Time passes; a session that ends in it ends everything.
async fn nobody_ends_before(until: Instant, lives: &mut JoinSet<Result<()>>) -> Result<()> {
    tokio::select! {
        () = sleep_until(until) => Ok(()),
        ended = lives.join_next() => fell(ended),
    }
}

fn fell(ended: Option<Result<Result<()>, tokio::task::JoinError>>) -> Result<()> {
    match ended {
        Some(Ok(Err(error))) => Err(error),
        Some(Err(panic)) => Err(panic.into()),
        Some(Ok(Ok(()))) | None => bail!("a member stopped by itself"),
    }
}

/// Nothing troubles them any more: everybody says what waits, and then one last word that all others hear.
async fn settle(people: &mut [Seen], lives: &mut JoinSet<Result<()>>) -> Result<Vec<String>> {
    for seen in people.iter() {
        seen.line.heal();
        tell(seen, Order::Hush)?;
    }
    let stuck = all(people, lives, "settle", |standing, others| {
        standing.online && standing.waiting == 0 && standing.around == others
    })
    .await?;
    if !stuck.is_empty() {
        return Ok(stuck);
    }
    for seen in people.iter() {
        tell(seen, Order::LastWord)?;
    }
    all(people, lives, "hear all last words", |standing, others| {
        standing.waiting == 0 && standing.last_words == others
    })
    .await
}

fn tell(seen: &Seen, order: Order) -> Result<()> {
    if seen.orders.try_send(order).is_err() {
        bail!("a member stopped by itself");
    }
    Ok(())
}

/// Waits until everybody is as they should be; a line for each who is not in time.
async fn all(
    people: &mut [Seen],
    lives: &mut JoinSet<Result<()>>,
    what: &str,
    is_well: impl Fn(&Standing, usize) -> bool,
) -> Result<Vec<String>> {
    let until = Instant::now() + TO_SETTLE;
    let rooms: Vec<usize> = people.iter().map(|seen| seen.room).collect();
    let mut stuck = Vec::new();
    for seen in people {
        let others = rooms.iter().filter(|room| **room == seen.room).count() - 1;
        let well = seen.standing.wait_for(|standing| is_well(standing, others));
        let is_in_time = tokio::select! {
            result = timeout_at(until, well) => matches!(result, Ok(Ok(_))),
            ended = lives.join_next() => return fell(ended).map(|()| Vec::new()),
        };
        if !is_in_time {
            let standing = seen.standing.borrow().clone();
            stuck.push(format!(
                "member {} of room {} did not {what}: {standing:?}",
                seen.who, seen.room
            ));
        }
    }
    Ok(stuck)
}
