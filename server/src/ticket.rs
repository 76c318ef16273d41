//! Resumption tickets: what lets a client that was here come back without another RSA operation.
//!
//! ```text
//! ticket = era(4) ‖ nonce(12) ‖ AES-256-GCM( secret(32) ‖ issued, ms since start(8) ) ‖ tag(16)      72 bytes
//! ```
//!
//! The keys live in memory only and change every hour, so a restart or three hours make every ticket worthless.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use crypto::wire::codec::Reader;
use zeroize::Zeroizing;

const ERA: Duration = Duration::from_secs(3600);
const VALID: Duration = Duration::from_secs(2 * 3600);
/// Spent tickets that one era remembers. Beyond that its tickets are refused: a full handshake always works.
const MAX_SPENT: usize = 1 << 20;

/// The secret that both ends keep for the next tunnel.
pub(crate) type Resumption = Zeroizing<[u8; 32]>;

/// Issues tickets and takes each back once.
pub(crate) struct Tickets {
    eras: Mutex<VecDeque<Era>>,
}

struct Era {
    number: u32,
    began: Duration,
    key: LessSafeKey,
    spent: HashSet<[u8; NONCE_LEN]>,
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tickets(…)")
    }
}

fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    aws_lc_rs::rand::fill(bytes.as_mut_slice())
        .expect("invariant: the system's generator does not fail once seeded");
    bytes
}

impl Era {
    fn begin(number: u32, now: Duration) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, random::<32>().as_slice())
            .expect("invariant: AES-256 takes 32 bytes");
        Self {
            number,
            began: now,
            key: LessSafeKey::new(key),
            spent: HashSet::new(),
        }
    }
}

impl Tickets {
    pub(crate) fn new() -> Self {
        Self {
            eras: Mutex::new(VecDeque::new()),
        }
    }

    /// A ticket for `secret`.
    pub(crate) fn issue(&self, secret: &Resumption, now: Duration) -> Vec<u8> {
        let mut eras = self.eras.lock().unwrap_or_else(PoisonError::into_inner);
        turn(&mut eras, now);
        let era = eras
            .back()
            .expect("invariant: there is an era after a turn");
        let nonce = random::<NONCE_LEN>();
        let mut plaintext = Zeroizing::new(Vec::with_capacity(56));
        plaintext.extend_from_slice(secret.as_slice());
        plaintext.extend_from_slice(&milliseconds(now).to_be_bytes());
        era.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(era.number.to_be_bytes()),
                &mut *plaintext,
            )
            .expect("invariant: AES-GCM seals 40 bytes");
        [&era.number.to_be_bytes()[..], nonce.as_slice(), &plaintext].concat()
    }

    /// The secret behind `ticket`, once.
    pub(crate) fn redeem(&self, ticket: &[u8], now: Duration) -> Option<Resumption> {
        let mut reader = Reader::new(ticket);
        let number = reader.u32().ok()?;
        let nonce: [u8; NONCE_LEN] = reader.array().ok()?;
        let mut sealed = Zeroizing::new(reader.rest().to_vec());

        let mut eras = self.eras.lock().unwrap_or_else(PoisonError::into_inner);
        turn(&mut eras, now);
        let era = eras.iter_mut().find(|era| era.number == number)?;
        let opened = era
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(number.to_be_bytes()),
                &mut sealed,
            )
            .ok()?;
        let mut reader = Reader::new(opened);
        let secret = Zeroizing::new(reader.array().ok()?);
        let issued = Duration::from_millis(reader.u64().ok()?);
        let fresh = now.saturating_sub(issued) < VALID && era.spent.len() < MAX_SPENT;
        (fresh && era.spent.insert(nonce)).then_some(secret)
    }
}

/// Begins a new era every hour and forgets those whose tickets are all too old.
fn turn(eras: &mut VecDeque<Era>, now: Duration) {
    while eras
        .front()
        .is_some_and(|era| now.saturating_sub(era.began) >= ERA + VALID)
    {
        eras.pop_front();
    }
    let next = match eras.back() {
        Some(era) if now.saturating_sub(era.began) < ERA => return,
        Some(era) => era.number.wrapping_add(1),
        None => 0,
    };
    eras.push_back(Era::begin(next, now));
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::wire::handshake::MAX_TICKET;

    const START: Duration = Duration::from_secs(5);

    #[test]
    fn a_ticket_yields_its_secret_once() {
        let tickets = Tickets::new();
        let ticket = tickets.issue(&Zeroizing::new([9; 32]), START);
        assert!(ticket.len() <= MAX_TICKET);
        assert_eq!(tickets.redeem(&ticket, START).map(|s| *s), Some([9; 32]));
        assert!(tickets.redeem(&ticket, START).is_none());
    }

    #[test]
    fn a_ticket_is_good_for_two_hours_across_key_changes() {
        let tickets = Tickets::new();
        let secret = Zeroizing::new([9; 32]);
        let (kept, late) = (tickets.issue(&secret, START), tickets.issue(&secret, START));
        tickets.issue(&secret, START + ERA);
        assert!(
            tickets
                .redeem(&kept, START + VALID - Duration::from_secs(1))
                .is_some()
        );
        assert!(tickets.redeem(&late, START + VALID).is_none());
    }

    #[test]
    fn altered_and_foreign_tickets_are_worthless() {
        let (tickets, others) = (Tickets::new(), Tickets::new());
        let ticket = tickets.issue(&Zeroizing::new([9; 32]), START);
        others.issue(&Zeroizing::new([9; 32]), START);
        assert!(others.redeem(&ticket, START).is_none());
        for at in 0..ticket.len() {
            let mut altered = ticket.clone();
            altered[at] ^= 1;
            assert!(tickets.redeem(&altered, START).is_none());
            assert!(tickets.redeem(&ticket[..at], START).is_none());
        }
        assert!(tickets.redeem(&ticket, START).is_some());
    }
}
