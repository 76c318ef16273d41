//! Buffers that leave nothing behind. An envelope is sealed, but a purge promises that the relay holds none of it, and
//! memory that was merely given back still does.

use bytes::Bytes;

/// Overwrites a buffer with zeros, in a way that is not optimised out although nobody reads it again.
pub(crate) fn wipe(buffer: &mut [u8]) {
    buffer.fill(0);
    zeroize::optimization_barrier(buffer);
}

/// Shares a buffer; the last one to drop its handle wipes it.
pub(crate) fn share(buffer: Vec<u8>) -> Bytes {
    Bytes::from_owner(Wiped(buffer))
}

struct Wiped(Vec<u8>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wiped_buffer_holds_zeros() {
        let mut buffer = vec![7; 100];
        wipe(&mut buffer);
        assert!(buffer.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_is_shared_reads_like_what_was_given() {
        let shared = share(vec![1, 2, 3]);
        let other = shared.clone();
        drop(shared);
        assert_eq!(&other[..], [1, 2, 3]);
    }
}
