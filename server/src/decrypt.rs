//! The private-key operation, on a few threads of its own: it takes most of a millisecond, which an event loop cannot
//! spare.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use crypto::wire::handshake;
use subtle::ConditionallySelectable as _;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// Operations that may wait for a thread. More would only be answered after their client gave up.
const QUEUE: usize = 256;

/// What the client sealed for the relay: the start of the key schedule.
pub(crate) type PreMaster = Zeroizing<[u8; handshake::PRE_MASTER]>;

struct Job {
    sealed: Box<[u8; handshake::OAEP]>,
    done: oneshot::Sender<PreMaster>,
}

/// Threads that hold the private key. They end when this is dropped.
pub(crate) struct Decryptor {
    queue: SyncSender<Job>,
}

impl fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decryptor(…)")
    }
}

/// Every thread has enough to do already.
#[derive(Debug)]
pub(crate) struct Overloaded;

impl Decryptor {
    /// Starts as many threads as the machine has cores, or returns `None` where it allows none.
    pub(crate) fn start(key: PrivateDecryptingKey) -> Option<Self> {
        let key = Arc::new(OaepPrivateDecryptingKey::new(key).ok()?);
        let (queue, jobs) = sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            let (key, jobs) = (Arc::clone(&key), Arc::clone(&jobs));
            thread::Builder::new()
                .name("roomkey-rsa".into())
                .spawn(move || work(&key, &jobs))
                .ok()?;
        }
        Some(Self { queue })
    }

    /// Opens `sealed`. A ciphertext that is no good yields random bytes and takes the same path from here on, so that
    /// its sender learns nothing before its first record fails.
    pub(crate) async fn open(
        &self,
        sealed: Box<[u8; handshake::OAEP]>,
    ) -> Result<PreMaster, Overloaded> {
        let (done, result) = oneshot::channel();
        match self.queue.try_send(Job { sealed, done }) {
            Ok(()) => result.await.map_err(|_| Overloaded),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Overloaded),
        }
    }
}

fn work(key: &OaepPrivateDecryptingKey, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Whoever asked may have hung up meanwhile.
        if !job.done.is_closed() {
            job.done.send(open(key, &job.sealed)).ok();
        }
    }
}

fn open(key: &OaepPrivateDecryptingKey, sealed: &[u8; handshake::OAEP]) -> PreMaster {
    let mut secret = Zeroizing::new([0; handshake::PRE_MASTER]);
    aws_lc_rs::rand::fill(secret.as_mut_slice())
        .expect("invariant: the system's generator does not fail once seeded");
    let mut plaintext = Zeroizing::new([0; handshake::OAEP]);
    let length = key
        .decrypt(
            &OAEP_SHA256_MGF1SHA256,
            sealed,
            plaintext.as_mut_slice(),
            Some(handshake::LABEL.as_bytes()),
        )
        .map_or(0, |opened| opened.len());
    let good = subtle::Choice::from(u8::from(length == handshake::PRE_MASTER));
    for (byte, opened) in secret.iter_mut().zip(plaintext.iter()) {
        byte.conditional_assign(opened, good);
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rsa::{KeySize, OaepPublicEncryptingKey};

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(future)
    }

    fn seal(key: &PrivateDecryptingKey, secret: &[u8], label: &[u8]) -> Box<[u8; handshake::OAEP]> {
        let public = OaepPublicEncryptingKey::new(key.public_key()).unwrap();
        let mut sealed = Box::new([0; handshake::OAEP]);
        public
            .encrypt(
                &OAEP_SHA256_MGF1SHA256,
                secret,
                sealed.as_mut_slice(),
                Some(label),
            )
            .unwrap();
        sealed
    }

    #[test]
    fn only_a_good_ciphertext_yields_its_secret() {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa3072).unwrap();
        let good = seal(&key, &[7; 32], handshake::LABEL.as_bytes());
        let mut bent = good.clone();
        bent[100] ^= 1;
        let short = seal(&key, &[7; 31], handshake::LABEL.as_bytes());
        let other_label = seal(&key, &[7; 32], b"something else");

        let decryptor = Decryptor::start(key).unwrap();
        assert_eq!(*block_on(decryptor.open(good)).unwrap(), [7; 32]);
        for bad in [bent, short, other_label] {
            let first = block_on(decryptor.open(bad.clone())).unwrap();
            let second = block_on(decryptor.open(bad)).unwrap();
            assert_ne!(*first, [7; 32]);
            assert_ne!(
                *first, *second,
                "a rejected ciphertext must yield random bytes"
            );
        }
    }
}
