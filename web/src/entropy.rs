//! The one source of randomness in the app: the operating system's, through the browser.

use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;

/// The system's generator. Panics if the browser has none, and then nothing could be done safely.
pub fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}
