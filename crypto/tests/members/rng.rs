//! Randomness that is the same on every run and on every platform: SHA-512 in counter mode.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha512};

pub(crate) struct Frozen {
    seed: u64,
    block: u64,
    left: Vec<u8>,
}

impl Frozen {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            block: 0,
            left: Vec::new(),
        }
    }
}

impl TryRng for Frozen {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            if self.left.is_empty() {
                let hash = Sha512::new()
                    .chain_update(self.seed.to_be_bytes())
                    .chain_update(self.block.to_be_bytes())
                    .finalize();
                self.left = hash.to_vec();
                self.block += 1;
            }
            *byte = self.left.remove(0);
        }
        Ok(())
    }
}

impl TryCryptoRng for Frozen {}
